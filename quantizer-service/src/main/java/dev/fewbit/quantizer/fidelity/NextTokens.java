package dev.fewbit.quantizer.fidelity;

import dev.fewbit.contracts.artifact.TextFidelity;
import dev.fewbit.quantizer.forward.Exponential;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;

/**
 * Two distributions of the next token, compared at some positions. With the original's {@code p} and the other's {@code q}:
 *
 * <pre>
 * KL = sum_v p(v) (ln p(v) - ln q(v)) = sum_v p(v) (a(v) - b(v)) - ln sum_v e^a(v) + ln sum_v e^b(v)
 * </pre>
 *
 * for logits {@code a} and {@code b}.
 */
final class NextTokens {
    private static final double PERCENTILE = 0.99;
    /** Digits that are given: more would be noise of fp32. */
    private static final MathContext DIGITS = new MathContext(5);

    private static final int LANES = 8;

    private final double[] divergence;
    private double loss;
    private double originalLoss;
    private int agreed;
    private int positions;

    /** @param most positions */
    NextTokens(int most) {
        divergence = new double[most];
    }

    /**
     * Adds a position.
     *
     * @param a logits of the original; overwritten
     * @param b logits of the other; overwritten
     * @param next token that stands there
     */
    void add(float[] a, float[] b, int next) {
        int topA = largest(a);
        int topB = largest(b);
        float mostA = a[topA];
        float mostB = b[topB];
        float nextA = a[next];
        float nextB = b[next];
        // From here on a holds the exponentials of the original, b those of the other, gap the difference of logits.
        float[] gap = new float[a.length];
        for (int i = 0; i < gap.length; i++) {
            gap[i] = a[i] - b[i];
        }
        Exponential.ofDifferences(a, a.length, mostA);
        Exponential.ofDifferences(b, b.length, mostB);
        double sumA = sum(a);
        double normA = mostA + StrictMath.log(sumA);
        double normB = mostB + StrictMath.log(sum(b));
        divergence[positions++] = weighted(a, gap) / sumA - normA + normB;
        loss += normB - nextB;
        originalLoss += normA - nextA;
        agreed += topA == topB ? 1 : 0;
    }

    /** The comparison over the positions of all of {@code parts}, in their order. */
    static TextFidelity together(List<NextTokens> parts) {
        double[] divergences = parts.stream()
                .flatMapToDouble(part -> Arrays.stream(part.divergence, 0, part.positions))
                .toArray();
        int tokens = divergences.length;
        // Not DoubleStream.sum: what it compensates depends on how a stream was split.
        double mean = 0;
        double loss = 0;
        double originalLoss = 0;
        int agreed = 0;
        for (NextTokens part : parts) {
            loss += part.loss;
            originalLoss += part.originalLoss;
            agreed += part.agreed;
        }
        for (double value : divergences) {
            mean += value / tokens;
        }
        Arrays.sort(divergences);
        return new TextFidelity(
                rounded(Math.exp(loss / tokens)),
                rounded(Math.exp(originalLoss / tokens)),
                rounded(mean),
                rounded(divergences[(int) Math.ceil(PERCENTILE * tokens) - 1]),
                rounded((double) agreed / tokens),
                tokens);
    }

    /** In lanes, so that the additions do not wait for one another. */
    private static double sum(float[] values) {
        double[] lanes = new double[LANES];
        int whole = values.length / LANES * LANES;
        for (int i = 0; i < whole; i += LANES) {
            for (int lane = 0; lane < LANES; lane++) {
                lanes[lane] += values[i + lane];
            }
        }
        for (int i = whole; i < values.length; i++) {
            lanes[0] += values[i];
        }
        return total(lanes);
    }

    private static double weighted(float[] weights, float[] values) {
        double[] lanes = new double[LANES];
        int whole = values.length / LANES * LANES;
        for (int i = 0; i < whole; i += LANES) {
            for (int lane = 0; lane < LANES; lane++) {
                lanes[lane] += (double) weights[i + lane] * values[i + lane];
            }
        }
        for (int i = whole; i < values.length; i++) {
            lanes[0] += (double) weights[i] * values[i];
        }
        return total(lanes);
    }

    private static double total(double[] lanes) {
        double total = 0;
        for (double lane : lanes) {
            total += lane;
        }
        return total;
    }

    private static int largest(float[] values) {
        float most = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            most = Math.max(most, value);
        }
        for (int i = 0; i < values.length; i++) {
            if (values[i] == most) {
                return i;
            }
        }
        // Not a number: no token is the most likely.
        return 0;
    }

    private static double rounded(double value) {
        return new BigDecimal(value).round(DIGITS).doubleValue();
    }
}
