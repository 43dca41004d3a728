package dev.fewbit.quantizer.training;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.packing.CodePacking;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Where a linear begins its training, and what does not change while it goes on.
 *
 * @param weight that training begins at
 * @param scales {@code s0 [n * blocks]}
 * @param zeroPoints {@code z [n * blocks]}, a byte each
 */
public record LatentStart(BlockQuantizedWeight weight, float[] scales, byte[] zeroPoints) {
    /** A latent code stays this much inside of half a step beyond the range. */
    public static final float INSIDE = 0.49f;
    /** A scale stays within a factor of e of what it began as: far beyond what training needs. */
    public static final float WIDEST = 1;

    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Reads it. */
    public static LatentStart of(BlockQuantizedWeight weight) {
        float[] scales = new float[weight.n() * weight.blocks()];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = Float.float16ToFloat(weight.scales().get(HALF, (long) i * Short.BYTES));
        }
        return new LatentStart(weight, scales, zeroPoints(weight));
    }

    /** The largest code. */
    public int largest() {
        return (1 << weight.bits()) - 1;
    }

    /** The codes, {@code [n, k]}, a byte each. */
    public byte[] codes() {
        byte[] packed = weight.codes().toArray(ValueLayout.JAVA_BYTE);
        return CodePacking.unpackCodes(packed, weight.n(), weight.k(), weight.blockSize(), weight.bits());
    }

    /**
     * What is stored with other codes and scales.
     *
     * @param codes {@code [n, k]}, a byte each
     * @param halves {@code [n * blocks]}, fp16, little-endian
     */
    public BlockQuantizedWeight packed(byte[] codes, MemorySegment halves) {
        byte[] packed = CodePacking.packCodes(codes, weight.n(), weight.k(), weight.blockSize(), weight.bits());
        return new BlockQuantizedWeight(
                weight.bits(),
                weight.blockSize(),
                weight.n(),
                weight.k(),
                MemorySegment.ofArray(packed),
                halves,
                weight.zeroPoints());
    }

    private static byte[] zeroPoints(BlockQuantizedWeight weight) {
        if (weight.zeroPoints() == null) {
            byte[] halves = new byte[weight.n() * weight.blocks()];
            Arrays.fill(halves, (byte) CodePacking.halfRange(weight.bits()));
            return halves;
        }
        byte[] packed = weight.zeroPoints().toArray(ValueLayout.JAVA_BYTE);
        return CodePacking.unpackZeroPoints(packed, weight.n(), weight.blocks(), weight.bits());
    }
}
