package dev.fewbit.quantizer.method;

import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import java.util.ArrayList;
import java.util.List;

/**
 * Chooses a block's range among shrunken ones: of the ranges {@code [a * low, b * high]} the one whose rounding error {@code e} has the
 * least {@code e H e'}, with {@code H} the Hessian of the block once the columns behind it make good what they can. With a symmetric
 * grid {@code a = b}.
 */
final class RangeSearch {
    private final BlockRange range;
    private final int largest;
    /** The pairs {@code (a, b)}, the whole span first: the first of equals wins. */
    private final float[][] fractions;

    RangeSearch(BlockRange range, int bits) {
        this.range = range;
        this.largest = (1 << bits) - 1;
        int steps = switch (bits) {
            case 2 -> 12;
            case 3 -> 10;
            case 4 -> 7;
            default -> 3;
        };
        float least = switch (bits) {
            case 2 -> 0.3f;
            case 3 -> 0.5f;
            case 4 -> 0.7f;
            default -> 0.9f;
        };
        boolean pairs = range.hasZeroPoints();
        fractions = new float[pairs ? steps * steps : steps][];
        for (int i = 0; i < fractions.length; i++) {
            float a = 1 - (1 - least) * (pairs ? i / steps : i) / (steps - 1);
            float b = 1 - (1 - least) * (i % steps) / (steps - 1);
            fractions[i] = new float[] {a, b};
        }
    }

    /** The pairs {@code (a, b)} that are tried, in this order. */
    float[][] fractions() {
        return fractions;
    }

    /** {@link #conditionalHessian} of each block, in the order of rounding. */
    static List<float[]> conditionalHessians(Matrix upper, ColumnOrder order, int blockSize) {
        int k = upper.rows();
        List<Integer> firsts = new ArrayList<>();
        for (int from = 0; from < k; ) {
            firsts.add(from);
            from += width(order, from, k, blockSize);
        }
        return firsts.parallelStream()
                .map(from -> {
                    int width = width(order, from, k, blockSize);
                    float[][] triangle = new float[width][width];
                    for (int i = 0; i < width; i++) {
                        for (int j = i; j < width; j++) {
                            triangle[i][j] = upper.get(from + i, from + j);
                        }
                    }
                    return conditionalHessian(triangle);
                })
                .toList();
    }

    private static int width(ColumnOrder order, int from, int k, int blockSize) {
        int block = order.columns()[from] / blockSize;
        return Math.min((block + 1) * blockSize, k) - block * blockSize;
    }

    /** A range. */
    record Span(float low, float high) {}

    /**
     * The best range.
     *
     * @param w the block's weights
     * @param low the least of them
     * @param high the largest of them
     * @param hessian {@code [width, width]}
     */
    Span best(float[] w, float low, float high, float[] hessian) {
        int width = w.length;
        float from = Math.min(low, 0);
        float to = Math.max(high, 0);
        float[] errors = new float[fractions.length * width];
        for (int candidate = 0; candidate < fractions.length; candidate++) {
            float cut = from * fractions[candidate][0];
            float scale = Float.float16ToFloat(range.scale(cut, to * fractions[candidate][1]));
            int zeroPoint = range.zeroPoint(cut, scale);
            for (int i = 0; i < width; i++) {
                int code = BlockCodes.nearest(w[i], scale, zeroPoint, largest);
                errors[candidate * width + i] = w[i] - (code - zeroPoint) * scale;
            }
        }
        int best = least(errors, hessian, fractions.length, width);
        return new Span(from * fractions[best][0], to * fractions[best][1]);
    }

    /**
     * The candidate whose errors {@code e} have the least {@code e H e'}, the first of equals.
     *
     * @param errors {@code [candidates, width]}
     * @param hessian {@code H [width, width]}
     */
    static int least(float[] errors, float[] hessian, int candidates, int width) {
        float[] weighted = new float[errors.length];
        Products.times(candidates, width, width, errors, hessian, weighted);
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int candidate = 0; candidate < candidates; candidate++) {
            double loss = 0;
            for (int i = candidate * width; i < (candidate + 1) * width; i++) {
                loss += (double) errors[i] * weighted[i];
            }
            if (loss < least) {
                least = loss;
                best = candidate;
            }
        }
        return best;
    }

    /**
     * {@code (U'U)^-1} of the block's triangle of {@code U}, the Hessian of its columns given that those behind are free: {@code V V'} with
     * {@code V = U^-1}.
     */
    static float[] conditionalHessian(float[][] upper) {
        int width = upper.length;
        double[][] inverse = new double[width][width];
        for (int column = 0; column < width; column++) {
            for (int row = column; row >= 0; row--) {
                double sum = row == column ? 1 : 0;
                for (int i = row + 1; i <= column; i++) {
                    sum -= upper[row][i] * inverse[i][column];
                }
                inverse[row][column] = sum / upper[row][row];
            }
        }
        float[] hessian = new float[width * width];
        for (int row = 0; row < width; row++) {
            for (int column = 0; column < width; column++) {
                double sum = 0;
                for (int i = Math.max(row, column); i < width; i++) {
                    sum += inverse[row][i] * inverse[column][i];
                }
                hessian[row * width + column] = (float) sum;
            }
        }
        return hessian;
    }
}
