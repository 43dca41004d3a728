package dev.fewbit.model.ort;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OrtApiTest {
    @Test
    void shouldTellItsVersionWhenItIsTheOneThatComesWithUs() {
        assertThat(OrtLibrary.bundled().version()).isEqualTo("1.29.0");
    }

    @Test
    void shouldSayBothVersionsWhenTheLibraryIsOfAnother() {
        // Given: a library with the two functions that every ONNX Runtime begins with
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup library = libraryOf("1.28.2", arena);

            // When, Then
            assertThatThrownBy(() -> new OrtApi(library))
                    .isInstanceOf(OnnxRuntimeException.class)
                    .hasMessage("ONNX Runtime 1.28.2: this needs 1.29.x");
        }
    }

    @Test
    void shouldSaySoWhenALibraryIsAnotherAltogether() {
        assertThatThrownBy(() -> new OrtApi(name -> Optional.empty()))
                .isInstanceOf(OnnxRuntimeException.class)
                .hasMessage("the library has no OrtGetApiBase: it is no ONNX Runtime");
    }

    private static SymbolLookup libraryOf(String version, Arena arena) {
        MemorySegment text = arena.allocateFrom(version);
        MemorySegment base = arena.allocate(MemoryLayout.sequenceLayout(2, ADDRESS));
        base.setAtIndex(
                ADDRESS,
                0,
                stub(
                        MethodHandles.dropArguments(constant(MemorySegment.NULL), 0, int.class),
                        FunctionDescriptor.of(ADDRESS, JAVA_INT),
                        arena));
        base.setAtIndex(ADDRESS, 1, stub(constant(text), FunctionDescriptor.of(ADDRESS), arena));
        MemorySegment function = stub(constant(base), FunctionDescriptor.of(ADDRESS), arena);
        return name -> name.equals("OrtGetApiBase") ? Optional.of(function) : Optional.empty();
    }

    private static MethodHandle constant(MemorySegment value) {
        return MethodHandles.constant(MemorySegment.class, value);
    }

    @SuppressWarnings("restricted")
    private static MemorySegment stub(MethodHandle handle, FunctionDescriptor descriptor, Arena arena) {
        return Linker.nativeLinker().upcallStub(handle, descriptor, arena);
    }
}
