package dev.fewbit.quantizer.footprint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.contracts.artifact.ArtifactSizes;
import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.architecture.DenseWeight;
import dev.fewbit.model.checkpoint.DType;
import dev.fewbit.model.checkpoint.Tensor;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class FootprintTest {
    @Test
    void shouldCountCodesScalesAndZeroPointsEachByItsOwnRuleWhenCodesHave3Bits() {
        // Given: 2 rows of 200 weights in blocks of 64: 4 blocks a row, the last one short
        Footprint footprint = new Footprint();
        footprint.addLinear(weight(3, 2, 200, true));

        // When
        ArtifactSizes sizes = footprint.sizes(1000);

        // Then
        // stored: codes 2 * 4 * 24, scales 2 * 4 * 2, zero points 2 * ceil(12 / 8)
        assertThat(sizes.linearStoredBytes()).isEqualTo(192 + 16 + 4);
        // resident: nibbles 2 * 4 * 32, fp32 scales 2 * 4 * 4, zero points 2 * ceil(16 / 8)
        assertThat(sizes.residentBytes()).isEqualTo(256 + 32 + 4);
        // ideal: 400 * 3 bits, 8 scales of 16 bits, 8 zero points of 3 bits = 1352 bits
        assertThat(sizes.idealBytes()).isEqualTo(169);
        assertThat(sizes.bitsPerWeight()).isEqualTo(212 * 8 / 400.0);
        assertThat(sizes.storedBytes()).isEqualTo(1000);
        assertThat(sizes.residentAs()).isEqualTo("ONNX Runtime 1.29, CPU, exact mode");
    }

    @Test
    void shouldCountEightBitsAsWidenedWhenResident() {
        Footprint footprint = new Footprint();
        footprint.addLinear(weight(8, 2, 200, false));

        ArtifactSizes sizes = footprint.sizes(0);

        assertThat(sizes.linearStoredBytes()).isEqualTo(2 * 4 * 64 + 2 * 4 * 2);
        assertThat(sizes.residentBytes()).isEqualTo(400 * 4);
        assertThat(sizes.idealBytes()).isEqualTo(400 + 16);
    }

    @Test
    void shouldCountDenseWeightsAt16BitsStoredAndAsHeldWhenResident() {
        // Given: a linear of 6 weights, an embedding of 100 that the head shares, a norm of 10
        Footprint footprint = new Footprint();
        Tensor tensor = new Tensor("w", DType.BF16, new long[] {2, 3}, MemorySegment.ofArray(new byte[12]));
        footprint.addLinear(new DenseWeight(tensor));
        footprint.addEmbedding(100, true);
        footprint.addWidened(10);

        // When
        ArtifactSizes sizes = footprint.sizes(0);

        // Then
        assertThat(sizes.linearStoredBytes()).isEqualTo(12);
        assertThat(sizes.bitsPerWeight()).isEqualTo(16);
        assertThat(sizes.idealBytes()).isEqualTo(2 * (6 + 100 + 10));
        assertThat(sizes.residentBytes()).isEqualTo(4 * 6 + (2 + 4) * 100 + 4 * 10);
    }

    private static BlockQuantizedWeight weight(int bits, int n, int k, boolean zeroPoints) {
        int blocks = Math.ceilDiv(k, 64);
        return new BlockQuantizedWeight(
                bits,
                64,
                n,
                k,
                MemorySegment.ofArray(new byte[n * blocks * 64 * bits / 8]),
                MemorySegment.ofArray(new byte[n * blocks * 2]),
                zeroPoints ? MemorySegment.ofArray(new byte[n * Math.ceilDiv(blocks * bits, 8)]) : null);
    }
}
