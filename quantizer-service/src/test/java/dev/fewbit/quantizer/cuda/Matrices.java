package dev.fewbit.quantizer.cuda;

import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Random matrices and how far two are apart. */
public final class Matrices {
    private final Arena arena;
    private final RandomGenerator random;

    public Matrices(Arena arena, long seed) {
        this.arena = arena;
        random = new SplittableRandom(seed);
    }

    public Matrix zeros(int rows, int columns) {
        return Matrix.allocate(arena, rows, columns);
    }

    public Matrix gaussian(int rows, int columns) {
        Matrix matrix = zeros(rows, columns);
        for (int row = 0; row < rows; row++) {
            float[] values = new float[columns];
            for (int i = 0; i < columns; i++) {
                values[i] = (float) random.nextGaussian();
            }
            matrix.setRow(row, values);
        }
        return matrix;
    }

    public Matrix downloaded(DeviceMatrix matrix) {
        Matrix copy = zeros(matrix.rows(), matrix.columns());
        matrix.download(copy);
        return copy;
    }

    /** {@code ||a - b|| / ||b||}; NaN where one holds it. */
    public static double distance(Matrix a, Matrix b) {
        double apart = 0;
        double all = 0;
        for (int row = 0; row < b.rows(); row++) {
            float[] x = a.row(row);
            float[] y = b.row(row);
            for (int i = 0; i < y.length; i++) {
                apart += ((double) x[i] - y[i]) * ((double) x[i] - y[i]);
                all += (double) y[i] * y[i];
            }
        }
        return Math.sqrt(apart / all);
    }
}
