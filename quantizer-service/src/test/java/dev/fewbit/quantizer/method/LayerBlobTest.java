package dev.fewbit.quantizer.method;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerNorm;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LayerBlobTest {
    @Test
    void shouldReadWhatItWroteWhenTheLayerHasNoGate() {
        // Given
        Map<LayerLinear, QuantizedLinear> linears = new EnumMap<>(LayerLinear.class);
        for (LayerLinear linear : LayerLinear.values()) {
            byte mark = (byte) (linear.ordinal() + 1);
            if (linear != LayerLinear.GATE) {
                linears.put(linear, new QuantizedLinear(weight(mark, linear == LayerLinear.UP), mark / 8.0));
            }
        }
        LayerResult written = new LayerResult(linears, Map.of(LayerNorm.MIDDLE, new float[] {1.5f, -2}));

        // When
        LayerResult read = LayerBlob.read(together(LayerBlob.write(written)));

        // Then
        assertThat(read.linears()).containsOnlyKeys(linears.keySet());
        assertThat(read.norms()).containsOnlyKeys(LayerNorm.MIDDLE);
        assertThat(read.norms().get(LayerNorm.MIDDLE)).containsExactly(1.5f, -2);
        linears.forEach((linear, expected) -> {
            QuantizedLinear found = read.linears().get(linear);
            assertThat(found.relativeError()).isEqualTo(expected.relativeError());
            BlockQuantizedWeight weight = (BlockQuantizedWeight) found.weight();
            BlockQuantizedWeight original = (BlockQuantizedWeight) expected.weight();
            assertThat(weight.codes().mismatch(original.codes())).isEqualTo(-1);
            assertThat(weight.scales().mismatch(original.scales())).isEqualTo(-1);
            assertThat(weight.zeroPoints() == null).isEqualTo(original.zeroPoints() == null);
        });
    }

    /** 3 outputs of 40 inputs: two blocks of 32 at 4 bits. */
    private static BlockQuantizedWeight weight(byte mark, boolean zeroPoints) {
        return new BlockQuantizedWeight(
                4, 32, 3, 40, filled(3 * 2 * 16, mark), filled(3 * 2 * 2, mark), zeroPoints ? filled(3, mark) : null);
    }

    private static MemorySegment filled(int bytes, byte mark) {
        return MemorySegment.ofArray(new byte[bytes]).fill(mark);
    }

    private static MemorySegment together(List<MemorySegment> parts) {
        long bytes = parts.stream().mapToLong(MemorySegment::byteSize).sum();
        MemorySegment whole = MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]);
        long at = 0;
        for (MemorySegment part : parts) {
            MemorySegment.copy(part, ValueLayout.JAVA_BYTE, 0, whole, ValueLayout.JAVA_BYTE, at, part.byteSize());
            at += part.byteSize();
        }
        return whole;
    }
}
