package dev.fewbit.quantizer.method;

import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import dev.fewbit.quantizer.matrix.Products.Block;
import dev.fewbit.quantizer.streams.WeightRounding;
import java.lang.foreign.Arena;
import java.util.stream.IntStream;

/**
 * Least squares for the scales of rows, codes and zero points fixed. With {@code u_g} the row's {@code code - zeroPoint} in block
 * {@code g} and 0 elsewhere, the scales {@code s + d} minimize {@code (t - sum_g (s_g + d_g) u_g) H (..)'}:
 *
 * <pre>
 * A d = b     A_gh = u_g H u_h'     b_g = (t - w') H u_g'
 * </pre>
 *
 * A row whose solution leaves {@code [s / 5, 5 s]} keeps its scales: its system was near to singular.
 */
final class ScaleRefit {
    /** What the products of some rows may take. Fixed: the size of a product shows in its last bits. */
    private static final long MOST_BYTES = 64L << 20;

    private static final int MOST_ROWS = 64;
    private static final int LEAST_ROWS = 4;

    private final BlockCodes codes;
    private final int first;
    private final float[][] steps;
    /** {@code u_g H} of each block, {@code [rows, k]}. */
    private final Matrix[] products;

    /** Rows to multiply for at a time: 64, fewer where their products would take more than 64 MiB. */
    static int rowsAtATime(BlockCodes codes) {
        long bytesOfRow = (long) codes.blocks * codes.k * Float.BYTES;
        return Math.clamp(MOST_BYTES / bytesOfRow, LEAST_ROWS, MOST_ROWS);
    }

    /**
     * Multiplies for rows whose codes do not change before {@link #refit}.
     *
     * @param arena shared; holds {@code blocks * rows * k} floats
     * @param hessian {@code [k, k]}
     */
    ScaleRefit(Arena arena, BlockCodes codes, Matrix hessian, int first, int rows) {
        this.codes = codes;
        this.first = first;
        steps = new float[rows][];
        Matrix all = Matrix.allocate(arena, rows, codes.k);
        for (int row = 0; row < rows; row++) {
            steps[row] = codes.steps(first + row);
            all.setRow(row, steps[row]);
        }
        products = IntStream.range(0, codes.blocks)
                .parallel()
                .mapToObj(block -> {
                    int from = block * codes.blockSize;
                    Matrix product = Matrix.allocate(arena, rows, codes.k);
                    Products.times(
                            rows,
                            codes.k,
                            codes.end(block) - from,
                            1,
                            new Block(all, 0, from),
                            new Block(hessian, from, 0),
                            0,
                            new Block(product, 0, 0));
                    return product;
                })
                .toArray(Matrix[]::new);
    }

    /**
     * Refits a row.
     *
     * @param gradient {@code (t - w') H}, follows the scales
     */
    void refit(int row, float[] gradient) {
        float[] u = steps[row - first];
        float[][] rows = new float[products.length][];
        double[][] left = new double[products.length][];
        for (int block = 0; block < products.length; block++) {
            rows[block] = products[block].row(row - first);
            left[block] = sums(rows[block], u);
        }
        float[] scales = scales(row, solve(left, sums(gradient, u)));
        for (int block = 0; block < scales.length; block++) {
            float change = scales[block] - codes.scale(row, block);
            codes.setScale(row, block, scales[block]);
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] -= change * rows[block][i];
            }
        }
    }

    /** {@code sum over the block of a b}, for each block. */
    private double[] sums(float[] a, float[] b) {
        double[] sums = new double[codes.blocks];
        for (int block = 0; block < codes.blocks; block++) {
            for (int i = block * codes.blockSize; i < codes.end(block); i++) {
                sums[block] += (double) a[i] * b[i];
            }
        }
        return sums;
    }

    /** The row's new scales as fp16 holds them; none where one of them is not acceptable. */
    private float[] scales(int row, double[] changes) {
        float[] scales = new float[changes.length];
        for (int block = 0; block < changes.length; block++) {
            double old = codes.scale(row, block);
            double wanted = old + changes[block];
            scales[block] = Float.float16ToFloat(Float.floatToFloat16((float) wanted));
            // Written so that NaN fails it.
            if (!(wanted > WeightRounding.LEAST * old && wanted < WeightRounding.MOST * old)
                    || scales[block] == 0
                    || !Float.isFinite(scales[block])) {
                return new float[0];
            }
        }
        return scales;
    }

    /** Solves a symmetric positive definite system by Cholesky's method, a small ridge added; NaN where it is singular. */
    private static double[] solve(double[][] a, double[] b) {
        int size = b.length;
        double ridge = 0;
        for (int i = 0; i < size; i++) {
            ridge += WeightRounding.RIDGE * a[i][i] / size;
        }
        double[][] lower = new double[size][size];
        double[] solution = new double[size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = a[i][j] + (i == j ? ridge : 0);
                for (int m = 0; m < j; m++) {
                    sum -= lower[i][m] * lower[j][m];
                }
                lower[i][j] = i == j ? Math.sqrt(sum) : sum / lower[j][j];
            }
            double sum = b[i];
            for (int m = 0; m < i; m++) {
                sum -= lower[i][m] * solution[m];
            }
            solution[i] = sum / lower[i][i];
        }
        for (int i = size - 1; i >= 0; i--) {
            for (int m = i + 1; m < size; m++) {
                solution[i] -= lower[m][i] * solution[m];
            }
            solution[i] /= lower[i][i];
        }
        return solution;
    }
}
