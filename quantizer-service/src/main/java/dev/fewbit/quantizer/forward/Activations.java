package dev.fewbit.quantizer.forward;

import dev.fewbit.model.decoder.Activation;
import dev.fewbit.quantizer.matrix.Matrix;

/** What stands between the linears of an MLP, and soft caps, from {@link Exponential} alone: the same bits everywhere. */
final class Activations {
    private static final float MINUS_2_ROOT = (float) (-2 * Math.sqrt(2 / Math.PI));
    private static final float CUBIC = 0.044715f;

    private Activations() {}

    /**
     * {@code activation(x) * factors} of one row, into {@code x}.
     *
     * @param factors {@code null}: 1
     */
    static void apply(Activation activation, float[] x, float[] factors) {
        float[] e = new float[x.length];
        switch (activation) {
            case SILU -> {
                for (int i = 0; i < x.length; i++) {
                    e[i] = -x[i];
                }
            }
            // (1 + tanh(u)) / 2 = 1 / (1 + e^-2u)
            case GELU_TANH -> {
                for (int i = 0; i < x.length; i++) {
                    e[i] = MINUS_2_ROOT * (x[i] + CUBIC * x[i] * x[i] * x[i]);
                }
            }
            case GELU -> throw new IllegalArgumentException(activation + " is not built");
        }
        Exponential.ofDifferences(e, e.length, 0);
        for (int i = 0; i < x.length; i++) {
            x[i] = factors == null ? x[i] / (1 + e[i]) : x[i] / (1 + e[i]) * factors[i];
        }
    }

    /** {@code cap * tanh(x / cap)} of the first {@code count} columns of the first {@code rows} rows. */
    static void cap(Matrix values, int rows, int count, double cap) {
        float most = (float) cap;
        float[] row = new float[count];
        float[] e = new float[count];
        for (int i = 0; i < rows; i++) {
            values.copyRow(i, 0, row, count);
            for (int j = 0; j < count; j++) {
                e[j] = row[j] * 2 / most;
            }
            Exponential.ofDifferences(e, count, 0);
            for (int j = 0; j < count; j++) {
                row[j] = most * (1 - 2 / (1 + e[j]));
            }
            values.setRow(i, row, count);
        }
    }
}
