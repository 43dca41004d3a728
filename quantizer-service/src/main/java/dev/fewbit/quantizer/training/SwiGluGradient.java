package dev.fewbit.quantizer.training;

import dev.fewbit.quantizer.forward.Exponential;
import dev.fewbit.quantizer.matrix.Matrix;

/**
 * {@code y = g sigmoid(g) u}, and its backward {@code dg = dy u sigmoid(g) (1 + g (1 - sigmoid(g)))}, {@code du = dy g sigmoid(g)}. All
 * matrices are {@code [tokens, intermediate]}.
 */
final class SwiGluGradient {
    private SwiGluGradient() {}

    static void forward(Matrix gate, Matrix up, Matrix output) {
        for (int token = 0; token < gate.rows(); token++) {
            float[] g = gate.row(token);
            float[] u = up.row(token);
            float[] e = exponentials(g);
            for (int i = 0; i < g.length; i++) {
                g[i] = g[i] / (1 + e[i]) * u[i];
            }
            output.setRow(token, g);
        }
    }

    static void backward(Matrix gate, Matrix up, Matrix outputGradient, Matrix gateGradient, Matrix upGradient) {
        for (int token = 0; token < gate.rows(); token++) {
            float[] g = gate.row(token);
            float[] u = up.row(token);
            float[] out = outputGradient.row(token);
            float[] e = exponentials(g);
            for (int i = 0; i < g.length; i++) {
                float sigmoid = 1 / (1 + e[i]);
                float activation = g[i] * sigmoid;
                float slope = sigmoid + activation * (1 - sigmoid);
                g[i] = out[i] * u[i] * slope;
                u[i] = out[i] * activation;
            }
            gateGradient.setRow(token, g);
            upGradient.setRow(token, u);
        }
    }

    /** {@code e^-g}. */
    private static float[] exponentials(float[] g) {
        float[] e = new float[g.length];
        for (int i = 0; i < g.length; i++) {
            e[i] = -g[i];
        }
        Exponential.ofDifferences(e, e.length, 0);
        return e;
    }
}
