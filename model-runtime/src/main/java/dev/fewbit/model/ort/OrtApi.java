package dev.fewbit.model.ort;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.EnumMap;
import java.util.Map;

/** The table of functions of an opened ONNX Runtime. Every status is checked. May be used by several threads. */
// Calling a native library is what this class is for.
@SuppressWarnings("restricted")
public final class OrtApi {
    /** The version whose table {@link OrtFunction} describes. */
    static final int VERSION = 29;

    private static final int FAIL = 1;
    private static final String RELEASE = "1." + VERSION + ".";
    private static final int LONGEST_TEXT = 1 << 16;
    private static final AddressLayout TEXT =
            ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(LONGEST_TEXT, JAVA_BYTE));

    private final Map<OrtFunction, MethodHandle> functions = new EnumMap<>(OrtFunction.class);
    private final MethodHandle runWithBinding;
    private final String version;

    /**
     * Takes the table of a library.
     *
     * @throws OnnxRuntimeException when the library is none of ONNX Runtime's, or of another version
     */
    OrtApi(SymbolLookup library) {
        Linker linker = Linker.nativeLinker();
        MemorySegment base = base(linker, library);
        version = call(linker.downcallHandle(base.get(ADDRESS, ADDRESS.byteSize()), FunctionDescriptor.of(TEXT)))
                .getString(0);
        if (!version.startsWith(RELEASE)) {
            throw new OnnxRuntimeException("ONNX Runtime " + version + ": this needs " + RELEASE + "x");
        }
        AddressLayout table = ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(places(), ADDRESS));
        MethodHandle getApi = linker.downcallHandle(base.get(ADDRESS, 0), FunctionDescriptor.of(table, JAVA_INT));
        MemorySegment api = call(getApi, VERSION);
        for (OrtFunction function : OrtFunction.values()) {
            functions.put(
                    function, linker.downcallHandle(api.getAtIndex(ADDRESS, function.place()), function.descriptor()));
        }
        runWithBinding = functions.get(OrtFunction.RUN_WITH_BINDING);
    }

    private static MemorySegment base(Linker linker, SymbolLookup library) {
        MemorySegment function = library.find("OrtGetApiBase")
                .orElseThrow(() -> new OnnxRuntimeException("the library has no OrtGetApiBase: it is no ONNX Runtime"));
        AddressLayout base = ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(2, ADDRESS));
        return call(linker.downcallHandle(function, FunctionDescriptor.of(base)));
    }

    private static int places() {
        int most = 0;
        for (OrtFunction function : OrtFunction.values()) {
            most = Math.max(most, function.place());
        }
        return most + 1;
    }

    /** Such as {@code 1.29.0}. */
    public String version() {
        return version;
    }

    /** Calls a function that answers with a status. */
    void check(OrtFunction function, Object... arguments) {
        check(function, call(functions.get(function), arguments));
    }

    /** Calls a function that answers with a status and makes something, which it writes behind its other arguments. */
    MemorySegment create(OrtFunction function, Object... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment made = arena.allocate(ADDRESS);
            Object[] all = new Object[arguments.length + 1];
            System.arraycopy(arguments, 0, all, 0, arguments.length);
            all[arguments.length] = made;
            check(function, all);
            return made.get(ADDRESS, 0);
        }
    }

    /** A failed status, which whoever it is returned to frees. */
    MemorySegment failure(String message) {
        try (Arena arena = Arena.ofConfined()) {
            return call(functions.get(OrtFunction.CREATE_STATUS), FAIL, arena.allocateFrom(message));
        }
    }

    /** Calls a function that writes a number behind its other arguments. */
    long number(OrtFunction function, Object... arguments) {
        return create(function, arguments).address();
    }

    /** Calls a function that frees something. */
    void release(OrtFunction function, MemorySegment pointer) {
        call(functions.get(function), pointer);
    }

    /** A step of generation: the one call that must be fast. */
    void run(MemorySegment session, MemorySegment options, MemorySegment binding) {
        MemorySegment status;
        try {
            status = (MemorySegment) runWithBinding.invokeExact(session, options, binding);
        } catch (Throwable e) {
            throw new IllegalStateException("native functions throw nothing", e);
        }
        check(OrtFunction.RUN_WITH_BINDING, status);
    }

    private void check(OrtFunction function, MemorySegment status) {
        if (status.address() == 0) {
            return;
        }
        String message;
        try {
            message = call(functions.get(OrtFunction.GET_ERROR_MESSAGE), status)
                    .reinterpret(LONGEST_TEXT)
                    .getString(0);
        } finally {
            release(OrtFunction.RELEASE_STATUS, status);
        }
        throw new OnnxRuntimeException(
                "ONNX Runtime, " + function + ": " + message.strip().replaceAll("\\s*\\R\\s*", " "));
    }

    private static MemorySegment call(MethodHandle handle, Object... arguments) {
        try {
            return (MemorySegment) handle.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException("native functions throw nothing", e);
        }
    }
}
