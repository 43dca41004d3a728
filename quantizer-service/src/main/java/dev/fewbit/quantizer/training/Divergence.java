package dev.fewbit.quantizer.training;

import dev.fewbit.quantizer.forward.Exponential;
import dev.fewbit.quantizer.matrix.Matrix;

/**
 * {@code KL = sum_v p_v (ln p_v - ln q_v)} at each position, {@code p} the 16-bit model's distribution and {@code q} the trained one's. The
 * gradient by the logits behind {@code q} is {@code q - p}.
 */
final class Divergence {
    private Divergence() {}

    /**
     * The sum over positions.
     *
     * @param expected logits of the 16-bit model, {@code [tokens, vocabulary]}
     * @param found logits of the trained one; become their gradient times {@code weight}
     * @param weight of a position in the whole loss
     */
    static double withGradient(Matrix expected, Matrix found, float weight) {
        double sum = 0;
        for (int token = 0; token < expected.rows(); token++) {
            float[] p = expected.row(token);
            float[] q = found.row(token);
            sum += position(p, q);
            for (int v = 0; v < p.length; v++) {
                q[v] = weight * (q[v] - p[v]);
            }
            found.setRow(token, q);
        }
        return sum;
    }

    /** The sum over positions alone. */
    static double of(Matrix expected, Matrix found) {
        double sum = 0;
        for (int token = 0; token < expected.rows(); token++) {
            sum += position(expected.row(token), found.row(token));
        }
        return sum;
    }

    /** Both rows of logits become distributions. */
    private static double position(float[] p, float[] q) {
        float pTop = Exponential.largest(p, p.length);
        float qTop = Exponential.largest(q, q.length);
        double pSum = 0;
        double qSum = 0;
        // sum_v e^(p_v - pTop) ((p_v - pTop) - (q_v - qTop)): the logarithms of the sums are taken off behind the loop.
        double cross = 0;
        float[] gaps = new float[p.length];
        for (int v = 0; v < p.length; v++) {
            gaps[v] = p[v] - pTop - (q[v] - qTop);
        }
        Exponential.ofDifferences(p, p.length, pTop);
        Exponential.ofDifferences(q, q.length, qTop);
        for (int v = 0; v < p.length; v++) {
            pSum += p[v];
            qSum += q[v];
            cross += (double) p[v] * gaps[v];
        }
        float pFactor = (float) (1 / pSum);
        float qFactor = (float) (1 / qSum);
        for (int v = 0; v < p.length; v++) {
            p[v] *= pFactor;
            q[v] *= qFactor;
        }
        return cross / pSum - StrictMath.log(pSum) + StrictMath.log(qSum);
    }
}
