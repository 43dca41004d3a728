package dev.fewbit.quantizer.method;

import dev.fewbit.quantizer.method.RangeSearch.Span;

/**
 * Mean-squared-error clipping: of the ranges {@code [a low, b high]} of a block, each end shrunken towards zero by itself, the one with the
 * least squared error of rounding to nearest,
 *
 * <pre>
 * min over a, b of sum_i (w_i - (clamp(round(w_i / s) + z, 0, 2^bits - 1) - z) s)^2
 * </pre>
 *
 * with the scale {@code s} and zero point {@code z} of the range. The fractions {@code a} and {@code b} are evenly spaced from 1 down to a
 * least one: 16 from 1 to 0.4 at 2 bits, 12 to 0.5 at 3, 8 to 0.7 at 4, 4 to 0.9 at 8. With a symmetric grid, {@code a = b} in twice as
 * many steps. The first of equals wins, the whole span first, then by {@code a}.
 *
 * @see <a href="https://arxiv.org/abs/1810.05723">Banner et al. 2018 (ACIQ)</a> for clipping by the mean squared error; GPTQ's reference
 *     code ({@code mse=True}) shrinks both ends by one factor
 */
final class SquaredErrorSearch {
    private final BlockRange range;
    private final int largest;
    private final double[][] fractions;

    SquaredErrorSearch(BlockRange range, int bits) {
        this.range = range;
        largest = (1 << bits) - 1;
        int steps = switch (bits) {
            case 2 -> 16;
            case 3 -> 12;
            case 4 -> 8;
            default -> 4;
        };
        double least = switch (bits) {
            case 2 -> 0.4;
            case 3 -> 0.5;
            case 4 -> 0.7;
            default -> 0.9;
        };
        boolean pairs = range.hasZeroPoints();
        int count = pairs ? steps * steps : 2 * steps;
        fractions = new double[count][];
        for (int i = 0; i < count; i++) {
            double a = fraction(least, pairs ? i / steps : i, pairs ? steps : count);
            fractions[i] = new double[] {a, pairs ? fraction(least, i % steps, steps) : a};
        }
    }

    private static double fraction(double least, int step, int steps) {
        return 1 - (1 - least) * step / (steps - 1);
    }

    /**
     * The best range.
     *
     * @param w weights
     * @param from first of the block
     * @param to behind its last
     * @param low the least of them
     * @param high the largest of them
     */
    Span best(float[] w, int from, int to, float low, float high) {
        double[] block = new double[to - from];
        for (int i = 0; i < block.length; i++) {
            block[i] = w[from + i];
        }
        double[] errors = new double[block.length];
        Span best = new Span(low, high);
        double least = Double.POSITIVE_INFINITY;
        for (double[] fraction : fractions) {
            float cutLow = (float) (Math.min(low, 0f) * fraction[0]);
            float cutHigh = (float) (Math.max(high, 0f) * fraction[1]);
            double error = error(block, errors, cutLow, cutHigh);
            if (error < least) {
                least = error;
                best = new Span(cutLow, cutHigh);
            }
        }
        return best;
    }

    /** Two loops: the first one has no sum in it and can be worked on several at a time. */
    private double error(double[] block, double[] errors, float low, float high) {
        float half = Float.float16ToFloat(range.scale(low, high));
        double scale = half;
        double zeroPoint = range.zeroPoint(low, half);
        double top = largest;
        for (int i = 0; i < block.length; i++) {
            double code = Math.min(Math.max(Math.rint(block[i] / scale) + zeroPoint, 0.0), top);
            double error = block[i] - (code - zeroPoint) * scale;
            errors[i] = error * error;
        }
        double sum = 0;
        for (double error : errors) {
            sum += error;
        }
        return sum;
    }
}
