package dev.fewbit.quantizer.method;

/**
 * Factors that go into the gains of a norm. The gains are stored as fp16, so the factors are taken back from what fp16 makes of {@code
 * gain / factor}: then rounding the gains costs nothing.
 *
 * @param gains as stored, each an fp16 value
 * @param factors {@code original gain / stored gain}, to multiply the columns behind the norm with
 */
record NormFold(float[] gains, float[] factors) {
    /** Below it fp16 has fewer than 11 significant bits. */
    private static final float SMALLEST_NORMAL = 0x1p-14f;

    /**
     * The norm with {@code wanted} divided out, as nearly as fp16 can say. A gain that fp16 would flush or that overflows keeps its value
     * and gets the factor 1.
     *
     * @param original {@code [k]}
     * @param wanted {@code [k]}
     */
    static NormFold of(float[] original, float[] wanted) {
        float[] gains = new float[original.length];
        float[] factors = new float[original.length];
        for (int i = 0; i < original.length; i++) {
            float gain = Float.float16ToFloat(Float.floatToFloat16(original[i] / wanted[i]));
            boolean sayable = Math.abs(gain) >= SMALLEST_NORMAL && Float.isFinite(gain);
            gains[i] = sayable ? gain : original[i];
            factors[i] = sayable ? original[i] / gain : 1;
        }
        return new NormFold(gains, factors);
    }
}
