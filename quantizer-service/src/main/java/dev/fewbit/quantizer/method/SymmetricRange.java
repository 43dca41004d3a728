package dev.fewbit.quantizer.method;

import dev.fewbit.model.packing.CodePacking;

/**
 * Symmetric without stored zero points: {@code scale = 2 * max|w| / (2^bits - 1)}, rounded up to fp16, and {@code zeroPoint = 2^(bits - 1)}.
 * The largest weight lies half a scale outside the grid on one side and half a scale inside on the other.
 *
 * @param bits of a code
 * @see <a href="https://arxiv.org/abs/2210.17323">Frantar et al. 2022 (GPTQ)</a>, whose reference code has this symmetric grid
 */
record SymmetricRange(int bits) implements BlockRange {
    @Override
    public boolean hasZeroPoints() {
        return false;
    }

    @Override
    public short scale(float low, float high) {
        double largest = Math.max(Math.abs((double) low), Math.abs((double) high));
        return BlockRange.roundUp(2 * largest / ((1 << bits) - 1));
    }

    @Override
    public int zeroPoint(float low, float scale) {
        return CodePacking.halfRange(bits);
    }
}
