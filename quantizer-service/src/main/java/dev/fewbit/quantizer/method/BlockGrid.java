package dev.fewbit.quantizer.method;

/**
 * Rounding to nearest with the whole span of each block, as {@link RoundToNearest} does it, of a row that stays in fp32.
 *
 * @param range makes a block's grid
 * @param bits of a code
 * @param blockSize columns of a block
 */
record BlockGrid(BlockRange range, int bits, int blockSize) {

    int largest() {
        return (1 << bits) - 1;
    }

    /** The weights that a row's nearest codes stand for; {@code name} is what a message names. */
    float[] nearest(String name, float[] row) {
        float[] restored = new float[row.length];
        for (int from = 0; from < row.length; from += blockSize) {
            int to = Math.min(from + blockSize, row.length);
            float low = Float.POSITIVE_INFINITY;
            float high = Float.NEGATIVE_INFINITY;
            for (int i = from; i < to; i++) {
                low = Math.min(low, row[i]);
                high = Math.max(high, row[i]);
            }
            float scale = range.finiteScale(name, low, high);
            int zeroPoint = range.zeroPoint(low, scale);
            for (int i = from; i < to; i++) {
                restored[i] = (BlockCodes.nearest(row[i], scale, zeroPoint, largest()) - zeroPoint) * scale;
            }
        }
        return restored;
    }
}
