package dev.fewbit.quantizer.method;

import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import dev.fewbit.quantizer.matrix.Products.Block;
import java.lang.foreign.Arena;

/**
 * Least squares for the scales of a row, codes and zero points fixed. With {@code u_g} the row's {@code code - zeroPoint} in block
 * {@code g} and 0 elsewhere, the scales {@code s} minimize {@code (w - sum_g s_g u_g) H (..)'}:
 *
 * <pre>
 * A s = b     A_gh = u_g H u_h'     b_g = w H u_g'
 * </pre>
 *
 * A row whose solution leaves {@code [s / 5, 5 s]} keeps its scales: its system was near to singular.
 */
final class ScaleRefit {
    private static final double RIDGE = 1e-6;
    private static final double LEAST = 0.2;
    private static final double MOST = 5;

    private final Matrix weight;
    private final Matrix hessian;

    /**
     * @param weight {@code [n, k]}
     * @param hessian {@code [k, k]}
     */
    ScaleRefit(Matrix weight, Matrix hessian) {
        this.weight = weight;
        this.hessian = hessian;
    }

    void refit(BlockCodes codes) {
        Products.tiles(codes.n).forEach(first -> refit(codes, first, Products.tileRows(first, codes.n)));
    }

    private void refit(BlockCodes codes, int first, int rows) {
        int k = codes.k;
        try (Arena arena = Arena.ofConfined()) {
            Matrix steps = Matrix.allocate(arena, rows, k);
            for (int row = 0; row < rows; row++) {
                steps.setRow(row, codes.steps(first + row));
            }
            Matrix products = Matrix.allocate(arena, rows, k);
            Block whole = new Block(products, 0, 0);
            double[][][] left = new double[rows][codes.blocks][];
            for (int block = 0; block < codes.blocks; block++) {
                int from = block * codes.blockSize;
                int width = codes.end(block) - from;
                Products.times(rows, k, width, 1, new Block(steps, 0, from), new Block(hessian, from, 0), 0, whole);
                for (int row = 0; row < rows; row++) {
                    left[row][block] = sums(codes, products.row(row), steps.row(row));
                }
            }
            Products.times(rows, k, k, 1, new Block(weight, first, 0), new Block(hessian, 0, 0), 0, whole);
            for (int row = 0; row < rows; row++) {
                double[] right = sums(codes, products.row(row), steps.row(row));
                take(codes, first + row, solve(left[row], right));
            }
        }
    }

    /** {@code sum over the block of a b}, for each block. */
    private static double[] sums(BlockCodes codes, float[] a, float[] b) {
        double[] sums = new double[codes.blocks];
        for (int block = 0; block < codes.blocks; block++) {
            for (int i = block * codes.blockSize; i < codes.end(block); i++) {
                sums[block] += (double) a[i] * b[i];
            }
        }
        return sums;
    }

    private static void take(BlockCodes codes, int row, double[] scales) {
        for (int block = 0; block < scales.length; block++) {
            double old = codes.scale(row, block);
            // Written so that NaN fails it.
            if (!(scales[block] > LEAST * old && scales[block] < MOST * old)) {
                return;
            }
            float half = Float.float16ToFloat(Float.floatToFloat16((float) scales[block]));
            if (half == 0 || !Float.isFinite(half)) {
                return;
            }
        }
        for (int block = 0; block < scales.length; block++) {
            codes.setScale(row, block, Float.float16ToFloat(Float.floatToFloat16((float) scales[block])));
        }
    }

    /** Solves a symmetric positive definite system by Cholesky's method, a small ridge added; NaN where it is singular. */
    private static double[] solve(double[][] a, double[] b) {
        int size = b.length;
        double ridge = 0;
        for (int i = 0; i < size; i++) {
            ridge += RIDGE * a[i][i] / size;
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
