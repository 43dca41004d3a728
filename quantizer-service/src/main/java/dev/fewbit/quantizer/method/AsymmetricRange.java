package dev.fewbit.quantizer.method;

/**
 * Min-max with a zero point: {@code scale = (max(w, 0) - min(w, 0)) / (2^bits - 1)}, rounded up to fp16, and {@code zeroPoint =
 * round(-min(w, 0) / scale)}. Zero lies on the grid. Half a scale bounds the error at both ends too: the zero point's own rounding moves
 * the grid by at most that, and the scale, never rounded down, leaves no weight beyond it.
 *
 * @param bits of a code
 * @see <a href="https://arxiv.org/abs/1712.05877">Jacob et al. 2017, section 2.1</a>
 */
record AsymmetricRange(int bits) implements BlockRange {
    @Override
    public boolean hasZeroPoints() {
        return true;
    }

    @Override
    public short scale(float low, float high) {
        double span = Math.max(high, 0.0) - Math.min(low, 0.0);
        return BlockRange.roundUp(span / ((1 << bits) - 1));
    }

    @Override
    public int zeroPoint(float low, float scale) {
        return (int) Math.rint(-Math.min(low, 0.0) / scale);
    }
}
