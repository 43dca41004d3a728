package dev.fewbit.quantizer.training;

import dev.fewbit.quantizer.matrix.Matrix;

/**
 * One layer alone: it reads the residual stream behind the layers trained before it, and the loss is the squared distance of what it
 * makes of that from the 16-bit model's stream, relative to the mean square of the latter.
 */
final class StreamObjective implements Objective {
    private final Matrix input;
    private final Matrix expected;
    private final int length;
    private final double norm;

    /**
     * @param input {@code [windows * length, hidden]}
     * @param expected of the same shape: the 16-bit model's stream behind the layer
     * @param length of a window
     */
    StreamObjective(Matrix input, Matrix expected, int length) {
        this.input = input;
        this.expected = expected;
        this.length = length;
        double squares = 0;
        for (int row = 0; row < expected.rows(); row++) {
            for (float value : expected.row(row)) {
                squares += (double) value * value;
            }
        }
        norm = squares == 0 ? 1 : squares / expected.rows();
    }

    @Override
    public void input(int window, Matrix x) {
        x.data().copyFrom(input.rows(window * length, length).data());
    }

    @Override
    public double loss(int window, Matrix x) {
        double sum = 0;
        for (int token = 0; token < length; token++) {
            float[] found = x.row(token);
            float[] wanted = expected.row(window * length + token);
            for (int i = 0; i < found.length; i++) {
                double gap = (double) found[i] - wanted[i];
                sum += gap * gap;
            }
        }
        return sum / norm;
    }

    @Override
    public double gradient(int window, Matrix x, float weight) {
        double loss = loss(window, x);
        float factor = (float) (2 * weight / norm);
        for (int token = 0; token < length; token++) {
            float[] found = x.row(token);
            float[] wanted = expected.row(window * length + token);
            for (int i = 0; i < found.length; i++) {
                found[i] = factor * (found[i] - wanted[i]);
            }
            x.setRow(token, found);
        }
        return loss;
    }
}
