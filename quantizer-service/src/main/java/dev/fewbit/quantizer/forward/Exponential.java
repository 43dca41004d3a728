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

    private Exponential() {}

    /** Replaces each value {@code x} by {@code e^(x - most)}. */
    public static void ofDifferences(float[] values, float most) {
        for (int i = 0; i < values.length; i++) {
            values[i] = of(values[i] - most);
        }
    }

    /** {@code e^x}; {@code x} below -87 or above 88 counts as that. */
    public static float of(float x) {
        float clamped = Math.min(Math.max(x, LOWEST), HIGHEST);
        float scaled = clamped * LOG2_E;
        int n = (int) (scaled + (scaled < 0 ? -0.5f : 0.5f));
        float r = clamped - n * LN2_HIGH - n * LN2_LOW;
        float p = 1f / 720;
        p = p * r + 1f / 120;
        p = p * r + 1f / 24;
        p = p * r + 1f / 6;
        p = p * r + 0.5f;
        p = p * r + 1f;
        p = p * r + 1f;
        return p * Float.intBitsToFloat((n + EXPONENT_BIAS) << MANTISSA_BITS);
    }
}
