package dev.fewbit.quantizer.method;

import dev.fewbit.quantizer.matrix.Factorization;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;
import java.util.Optional;

/**
 * How errors of a linear's outputs count together: {@code G [n, n]} of the loss {@code tr(G E H E')}, {@code E = W - W'}. Rows of a weight
 * then make good each other's errors, as columns do through {@code H}.
 *
 * @param coupling {@code G_ij / G_ii}, {@code [n, n]}
 * @param inverseUpper {@code V} of {@code G^-1 = V'V}, upper triangular, {@code [n, n]}
 */
record OutputMetric(Matrix coupling, Matrix inverseUpper) {
    /** Times the mean of the diagonal: a sample of tokens says little about the small eigenvalues. */
    private static final double DAMPING = 0.3;

    /**
     * Damps and factors a metric; empty when it is zero or not finite.
     *
     * @param arena holds the result
     * @param metric symmetric, positive semidefinite, {@code [n, n]}
     */
    static Optional<OutputMetric> of(Arena arena, Matrix metric) {
        int n = metric.rows();
        double mean = 0;
        for (int i = 0; i < n; i++) {
            mean += metric.get(i, i) / (double) n;
        }
        // Written so that NaN fails it.
        if (!(mean > 0 && mean < Float.MAX_VALUE)) {
            return Optional.empty();
        }
        double damping = DAMPING * mean;
        return Factorization.inverseUpper(arena, metric, damping).map(upper -> {
            Matrix coupling = Matrix.allocate(arena, n, n);
            for (int i = 0; i < n; i++) {
                float[] row = metric.row(i);
                row[i] += (float) damping;
                float own = row[i];
                for (int j = 0; j < n; j++) {
                    row[j] /= own;
                }
                coupling.setRow(i, row);
            }
            return new OutputMetric(coupling, upper);
        });
    }
}
