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
            for (int i = 0; i < g.length; i++) {
                g[i] = g[i] / (1 + Exponential.of(-g[i])) * u[i];
            }
            output.setRow(token, g);
        }
    }

    static void backward(Matrix gate, Matrix up, Matrix outputGradient, Matrix gateGradient, Matrix upGradient) {
        for (int token = 0; token < gate.rows(); token++) {
            float[] g = gate.row(token);
            float[] u = up.row(token);
            float[] out = outputGradient.row(token);
            for (int i = 0; i < g.length; i++) {
                float sigmoid = 1 / (1 + Exponential.of(-g[i]));
                float activation = g[i] * sigmoid;
                float slope = sigmoid + activation * (1 - sigmoid);
                g[i] = out[i] * u[i] * slope;
                u[i] = out[i] * activation;
            }
            gateGradient.setRow(token, g);
            upGradient.setRow(token, u);
        }
    }
}
