package dev.fewbit.quantizer.method;

import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import dev.fewbit.quantizer.matrix.Products.Block;
import java.lang.foreign.Arena;

/**
 * Improves scales and codes row by row, the loss being {@code tr(G E H E')} with {@code E = W - W' [n, k]}. For row {@code i}, all others as
 * they are, that is the loss {@code (t_i - w'_i) H (t_i - w'_i)'} of a row that aims at
 *
 * <pre>
 * t_i = w_i + sum over j != i of (G_ij / G_ii) e_j     (t_i - w'_i) H = (G E H)_i / G_ii
 * </pre>
 *
 * so that each row makes good what those before it could not (Gauss-Seidel over rows). Without a metric {@code t = W}, and rows are
 * independent.
 */
final class Refinement {
    private final Matrix target;
    private final Matrix hessian;
    private final OutputMetric metric;
    private final CodeDescent descent;

    /**
     * @param target {@code W}, {@code [n, k]}
     * @param hessian {@code [k, k]}
     * @param metric of the outputs, or {@code null}
     */
    Refinement(Matrix target, Matrix hessian, OutputMetric metric) {
        this.target = target;
        this.hessian = hessian;
        this.metric = metric;
        descent = new CodeDescent(hessian);
    }

    /**
     * One sweep over all rows.
     *
     * @param refit whether scales are fitted first
     * @param passes of descent over the codes
     */
    void sweep(BlockCodes codes, boolean refit, int passes) {
        try (Arena arena = Arena.ofShared()) {
            Matrix gaps = Matrix.allocate(arena, codes.n, codes.k);
            for (int row = 0; row < codes.n; row++) {
                float[] gap = target.row(row);
                float[] restored = codes.restored(row);
                for (int i = 0; i < gap.length; i++) {
                    gap[i] -= restored[i];
                }
                gaps.setRow(row, gap);
            }
            Matrix gradients = Matrix.allocate(arena, codes.n, codes.k);
            Products.times(gaps, hessian, gradients);
            if (metric == null) {
                Products.tiles(codes.n).forEach(first -> tile(codes, gradients, first, refit, passes, null));
            } else {
                Matrix coupled = gaps;
                Products.times(metric.coupling(), gradients, coupled);
                Products.tiles(codes.n).sequential().forEach(first -> {
                    try (Arena scratch = Arena.ofShared()) {
                        Matrix moved = Matrix.allocate(scratch, Products.tileRows(first, codes.n), codes.k);
                        tile(codes, coupled, first, refit, passes, moved);
                        passOn(moved, first, coupled);
                    }
                });
            }
        }
    }

    /** Works on the rows of one tile. With a metric {@code moved [rows, k]} receives how their own {@code (w - w') H} moved. */
    private void tile(BlockCodes codes, Matrix gradients, int first, boolean refit, int passes, Matrix moved) {
        int rows = Products.tileRows(first, codes.n);
        int step = refit ? ScaleRefit.rowsAtATime(codes) : rows;
        float[][] pending = new float[rows][];
        for (int from = 0; from < rows; from += step) {
            int to = Math.min(from + step, rows);
            try (Arena arena = Arena.ofShared()) {
                ScaleRefit scales = refit ? new ScaleRefit(arena, codes, hessian, first + from, to - from) : null;
                for (int row = from; row < to; row++) {
                    float[] gradient = gradients.row(first + row);
                    for (int before = 0; moved != null && before < row; before++) {
                        add(metric.coupling().get(first + row, first + before), pending[before], gradient);
                    }
                    float[] start = gradient.clone();
                    if (scales != null) {
                        scales.refit(first + row, gradient);
                    }
                    descent.descend(codes, first + row, gradient, passes);
                    if (moved != null) {
                        for (int i = 0; i < start.length; i++) {
                            start[i] = gradient[i] - start[i];
                        }
                        pending[row] = start;
                        moved.setRow(row, start);
                    }
                }
            }
        }
    }

    /** What a tile's moves mean for the rows behind it. */
    private void passOn(Matrix moved, int first, Matrix gradients) {
        int behind = first + moved.rows();
        Products.tiles(gradients.rows() - behind)
                .forEach(from -> Products.times(
                        Products.tileRows(from, gradients.rows() - behind),
                        gradients.columns(),
                        moved.rows(),
                        1,
                        new Block(metric.coupling(), behind + from, first),
                        new Block(moved, 0, 0),
                        1,
                        new Block(gradients, behind + from, 0)));
    }

    private static void add(float factor, float[] values, float[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += factor * values[i];
        }
    }
}
