package dev.fewbit.quantizer.forward;

/**
 * {@code e^x} in fp32 to about one unit in the last place, from IEEE operations alone, so that every processor gives the same bits;
 * several times faster than {@link StrictMath#exp}.
 *
 * <p>{@code x = n ln 2 + r} with {@code |r| <= ln 2 / 2}; a polynomial of degree 6 for {@code e^r}, and {@code n} put into the exponent.
 */
public final class Exponential {
    private static final float LOG2_E = 1.44269504f;
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final float LOWEST = -87f;
    private static final float HIGHEST = 88f;
    private static final int EXPONENT_BIAS = 127;
    private static final int MANTISSA_BITS = 23;
    /** Makes what is cut off to the next whole number positive, so that cutting is rounding whatever the sign. */
    private static final int SHIFT = 256;

    private Exponential() {}

    /** {@code e^x}; {@code x} below -87 or above 88 counts as that. */
    public static float of(float x) {
        float[] value = {x};
        ofDifferences(value, 1, 0);
        return value[0];
    }

    /**
     * Replaces each value {@code x} by {@code e^(x - most)}. Two loops: the compiler works on several values at a time in the first one,
     * which it cannot where an exponent is put together from bits.
     *
     * @param count values that are replaced, from the first on
     */
    public static void ofDifferences(float[] values, int count, float most) {
        int[] exponents = new int[count];
        for (int i = 0; i < count; i++) {
            float x = Math.min(Math.max(values[i] - most, LOWEST), HIGHEST);
            int n = SHIFT - (int) (SHIFT + 0.5f - x * LOG2_E);
            exponents[i] = (n + EXPONENT_BIAS) << MANTISSA_BITS;
            float r = x - n * LN2_HIGH - n * LN2_LOW;
            float p = 1f / 720;
            p = p * r + 1f / 120;
            p = p * r + 1f / 24;
            p = p * r + 1f / 6;
            p = p * r + 0.5f;
            p = p * r + 1f;
            p = p * r + 1f;
            values[i] = p;
        }
        for (int i = 0; i < count; i++) {
            values[i] *= Float.intBitsToFloat(exponents[i]);
        }
    }

    /** The largest of the first {@code count} values; negative infinity of none. */
    public static float largest(float[] values, int count) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, values[i]);
        }
        return largest;
    }
}
