package dev.fewbit.quantizer.training;

import dev.fewbit.quantizer.matrix.Matrix;

/**
 * Backward of {@code y_i = f x_i g_i} with {@code f = (mean(x^2) + epsilon)^(-1/2)} over rows of width {@code n}:
 *
 * <pre>
 * dx_i = f g_i dy_i - x_i f^3 / n sum_j(g_j dy_j x_j)
 * </pre>
 */
final class NormGradient {
    private NormGradient() {}

    /**
     * Adds the gradient of the input to {@code sum}.
     *
     * @param x the norm's input {@code [tokens, n]}
     * @param outputGradient {@code [tokens, n]}
     * @param sum {@code [tokens, n]}
     */
    static void add(Matrix x, float[] gain, double epsilon, Matrix outputGradient, Matrix sum) {
        int n = gain.length;
        for (int token = 0; token < x.rows(); token++) {
            float[] in = x.row(token);
            float[] out = outputGradient.row(token);
            float[] total = sum.row(token);
            double squares = 0;
            double dot = 0;
            for (int i = 0; i < n; i++) {
                squares += (double) in[i] * in[i];
                dot += (double) gain[i] * out[i] * in[i];
            }
            double factor = 1 / Math.sqrt(squares / n + epsilon);
            float straight = (float) factor;
            float back = (float) (factor * factor * factor * dot / n);
            for (int i = 0; i < n; i++) {
                total[i] += straight * gain[i] * out[i] - in[i] * back;
            }
            sum.setRow(token, total);
        }
    }
}
