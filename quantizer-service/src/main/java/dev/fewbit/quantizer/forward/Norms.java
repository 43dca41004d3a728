package dev.fewbit.quantizer.forward;

import dev.fewbit.model.decoder.NormSpec;
import dev.fewbit.quantizer.matrix.Matrix;

/** Norms over rows, or over equal parts of rows. */
public final class Norms {
    private Norms() {}

    /**
     * Norms every {@code norm.width()} values of every row of {@code x}.
     *
     * @param gains as they are stored, {@code [width]}
     * @param bias {@code [width]}, or {@code null}
     * @param output of the shape of {@code x}; may be {@code x}
     */
    public static void apply(NormSpec norm, float[] gains, float[] bias, Matrix x, Matrix output) {
        float[] effective = effective(norm, gains);
        for (int token = 0; token < x.rows(); token++) {
            float[] row = x.row(token);
            for (int at = 0; at < row.length; at += norm.width()) {
                switch (norm.kind()) {
                    case RMS -> byRootMeanSquare(row, at, effective, norm.epsilon());
                    case LAYER -> byDeviation(row, at, effective, norm.epsilon());
                }
                if (bias != null) {
                    for (int i = 0; i < bias.length; i++) {
                        row[at + i] += bias[i];
                    }
                }
            }
            output.setRow(token, row);
        }
    }

    /** What normed values are multiplied by: the gains that are stored, and the offset. */
    public static float[] effective(NormSpec norm, float[] gains) {
        if (norm.offset() == 0) {
            return gains;
        }
        float[] sums = new float[gains.length];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = gains[i] + (float) norm.offset();
        }
        return sums;
    }

    private static void byRootMeanSquare(float[] row, int at, float[] gains, double epsilon) {
        double squares = 0;
        for (int i = 0; i < gains.length; i++) {
            squares += (double) row[at + i] * row[at + i];
        }
        float factor = (float) (1 / Math.sqrt(squares / gains.length + epsilon));
        for (int i = 0; i < gains.length; i++) {
            row[at + i] = row[at + i] * factor * gains[i];
        }
    }

    private static void byDeviation(float[] row, int at, float[] gains, double epsilon) {
        double sum = 0;
        for (int i = 0; i < gains.length; i++) {
            sum += row[at + i];
        }
        double mean = sum / gains.length;
        double squares = 0;
        for (int i = 0; i < gains.length; i++) {
            double apart = row[at + i] - mean;
            squares += apart * apart;
        }
        double factor = 1 / Math.sqrt(squares / gains.length + epsilon);
        for (int i = 0; i < gains.length; i++) {
            row[at + i] = (float) ((row[at + i] - mean) * factor) * gains[i];
        }
    }
}
