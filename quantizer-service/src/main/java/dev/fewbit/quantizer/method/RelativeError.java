package dev.fewbit.quantizer.method;

import dev.fewbit.quantizer.matrix.Matrix;

/** {@code ||W' - W|| / ||W||} (Frobenius). */
final class RelativeError {
    private RelativeError() {}

    /** 0 for a weight of zeros. */
    static double of(Matrix restored, Matrix weight) {
        double error = 0;
        double norm = 0;
        for (int row = 0; row < weight.rows(); row++) {
            float[] mine = restored.row(row);
            float[] original = weight.row(row);
            for (int i = 0; i < original.length; i++) {
                double difference = (double) mine[i] - original[i];
                error += difference * difference;
                norm += (double) original[i] * original[i];
            }
        }
        return norm == 0 ? 0 : Math.sqrt(error / norm);
    }
}
