package dev.fewbit.quantizer.method;

import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import dev.fewbit.quantizer.matrix.Products.Block;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/**
 * GPTQ: columns are rounded one by one, and what rounding a column did to the outputs is made good by the columns behind it. With
 * {@code H^-1 = U'U}, {@code W [n, k]} and column {@code j}:
 *
 * <pre>
 * e = (w_j - round(w_j)) / U_jj     W[:, j:] -= e U[j, j:]
 * </pre>
 *
 * within a block at once, for the columns behind the block with one product a block. A block's grid is chosen from the weights as they are
 * by then: when the walk comes to the block, or for the blocks of several columns together when it comes to the first of
 * them, as the authors' code does with 128 ({@code blocksize}).
 *
 * <p>With a metric {@code G^-1 = V'V} of the outputs, the rows of a column are rounded one by one too, and those behind make good what
 * rounding a row did: {@code d = (w_ij - round(w_ij)) / V_ii, w[i:, j] -= d V[i, i:]'}, for that column's rounding only.
 *
 * @see <a href="https://arxiv.org/abs/2210.17323">Frantar et al. 2022 (GPTQ), algorithm 1</a>
 * @see <a href="https://arxiv.org/abs/2505.22988">Tseng et al. 2025 (YAQA)</a> for rounding along both sides
 */
final class CompensatedRounding {
    private final String name;
    private final BlockRange range;
    private final RangeSearch search;
    private final OutputMetric metric;
    private final int together;

    /**
     * @param name of the linear, for messages
     * @param search chooses a block's grid; {@code null} takes the whole span of its weights
     * @param metric of the outputs; {@code null} for rows that have nothing to do with each other
     * @param together columns whose grids are chosen from the same weights; 1 for those of a block
     */
    CompensatedRounding(String name, BlockRange range, RangeSearch search, OutputMetric metric, int together) {
        this.name = name;
        this.range = range;
        this.search = search;
        this.metric = metric;
        this.together = together;
    }

    /**
     * Fills {@code codes}.
     *
     * @param weight {@code [n, k]}, left as it is
     * @param upper {@code U} in the order of rounding, {@code [k, k]}
     */
    void round(Matrix weight, Matrix upper, ColumnOrder order, BlockCodes codes) {
        try (Arena arena = Arena.ofShared()) {
            Matrix remaining = Matrix.allocate(arena, codes.n, codes.k);
            order.arrange(weight, remaining, false);
            Matrix errors = Matrix.allocate(arena, codes.n, codes.blockSize);
            for (int from = 0; from < codes.k; ) {
                List<RoundedBlock> group = new ArrayList<>();
                int end = from;
                do {
                    RoundedBlock block = new RoundedBlock(remaining, upper, order, end, errors, codes);
                    Products.tiles(codes.n)
                            .forEach(first -> block.chooseGrids(first, Products.tileRows(first, codes.n)));
                    group.add(block);
                    end += block.width;
                } while (end < codes.k && end - from < together);
                for (RoundedBlock block : group) {
                    if (metric == null) {
                        Products.tiles(codes.n).forEach(first -> block.round(first, Products.tileRows(first, codes.n)));
                    } else {
                        Products.tiles(codes.n)
                                .sequential()
                                .forEach(first -> block.roundCoupled(first, Products.tileRows(first, codes.n)));
                    }
                    update(block, upper, errors, remaining, codes);
                }
                from = end;
            }
        }
    }

    /** Columns behind a block make good what its rounding did. */
    private static void update(RoundedBlock block, Matrix upper, Matrix errors, Matrix remaining, BlockCodes codes) {
        int behind = block.from + block.width;
        Products.tiles(behind < codes.k ? codes.n : 0)
                .forEach(first -> Products.times(
                        Products.tileRows(first, codes.n),
                        codes.k - behind,
                        block.width,
                        -1,
                        new Block(errors, first, 0),
                        new Block(upper, block.from, behind),
                        1,
                        new Block(remaining, first, behind)));
    }

    /** The columns of one block. */
    private final class RoundedBlock {
        private final Matrix remaining;
        private final ColumnOrder order;
        private final int from;
        private final Matrix errors;
        private final BlockCodes codes;
        private final int block;
        private final int width;
        private final float[][] triangle;
        private final float[] conditional;
        /** Weights as they are by now, {@code [width][n]}. */
        private final float[][] columns;
        /** {@code d} of the rows that are rounded, {@code [width][n]}; {@code null} without a metric. */
        private final float[][] passedOn;

        RoundedBlock(Matrix remaining, Matrix upper, ColumnOrder order, int from, Matrix errors, BlockCodes codes) {
            this.remaining = remaining;
            this.order = order;
            this.from = from;
            this.errors = errors;
            this.codes = codes;
            block = order.columns()[from] / codes.blockSize;
            width = codes.end(block) - block * codes.blockSize;
            triangle = new float[width][width];
            for (int i = 0; i < width; i++) {
                for (int j = i; j < width; j++) {
                    triangle[i][j] = upper.get(from + i, from + j);
                }
            }
            conditional = search == null ? null : RangeSearch.conditionalHessian(triangle);
            columns = new float[width][codes.n];
            passedOn = metric == null ? null : new float[width][codes.n];
        }

        void chooseGrids(int first, int rows) {
            for (int row = first; row < first + rows; row++) {
                float[] w = new float[width];
                float low = Float.POSITIVE_INFINITY;
                float high = Float.NEGATIVE_INFINITY;
                for (int i = 0; i < width; i++) {
                    w[i] = remaining.get(row, from + i);
                    low = Math.min(low, w[i]);
                    high = Math.max(high, w[i]);
                }
                codes.setGrid(name, row, block, range, low, high);
                if (search != null) {
                    RangeSearch.Span best = search.best(w, low, high, conditional);
                    codes.setGrid(name, row, block, range, best.low(), best.high());
                }
            }
        }

        /** Weights as blocks before have left them. */
        private void load(int first, int rows) {
            for (int row = first; row < first + rows; row++) {
                for (int i = 0; i < width; i++) {
                    columns[i][row] = remaining.get(row, from + i);
                }
            }
        }

        /** Rounds rows that have nothing to do with others. */
        void round(int first, int rows) {
            load(first, rows);
            float[] error = new float[first + rows];
            for (int j = 0; j < width; j++) {
                float[] wanted = columns[j];
                for (int row = first; row < first + rows; row++) {
                    error[row] = (wanted[row] - rounded(row, j, wanted[row])) / triangle[j][j];
                    errors.set(row, j, error[row]);
                }
                compensate(j, first, rows, error);
            }
        }

        /**
         * Rounds rows that make good what rounding those before them did, which must have been rounded in all columns of the block. A row's
         * columns depend on rows before it in the same column and on its own before it, so that a tile can go through all columns while its
         * part of {@code V}, {@code [first + rows, rows]}, is at hand.
         */
        void roundCoupled(int first, int rows) {
            load(first, rows);
            float[][] v = new float[first + rows][rows];
            for (int row = 0; row < v.length; row++) {
                metric.inverseUpper().copyRow(row, first, v[row], rows);
            }
            float[] error = new float[first + rows];
            float[] aimed = new float[rows];
            for (int j = 0; j < width; j++) {
                float[] wanted = columns[j];
                float[] passed = passedOn[j];
                System.arraycopy(wanted, first, aimed, 0, rows);
                takeOver(aimed, passed, v, first);
                for (int i = 0; i < rows; i++) {
                    int row = first + i;
                    float rounded = rounded(row, j, aimed[i]);
                    error[row] = (wanted[row] - rounded) / triangle[j][j];
                    errors.set(row, j, error[row]);
                    passed[row] = (aimed[i] - rounded) / v[row][i];
                    for (int behind = i; behind < rows; behind++) {
                        aimed[behind] -= passed[row] * v[row][behind];
                    }
                }
                compensate(j, first, rows, error);
            }
        }

        /** What rows of earlier tiles pass on, in their order; several at a time, so that sums stay in registers. */
        private static void takeOver(float[] aimed, float[] passed, float[][] v, int count) {
            for (int row = 0; row < count; row += 4) {
                float a = passed[row];
                float b = passed[row + 1];
                float c = passed[row + 2];
                float d = passed[row + 3];
                float[] va = v[row];
                float[] vb = v[row + 1];
                float[] vc = v[row + 2];
                float[] vd = v[row + 3];
                for (int i = 0; i < aimed.length; i++) {
                    aimed[i] = aimed[i] - a * va[i] - b * vb[i] - c * vc[i] - d * vd[i];
                }
            }
        }

        /** Sets the code nearest to a weight, and gives what it stands for. */
        private float rounded(int row, int j, float weight) {
            float scale = codes.scale(row, block);
            int zeroPoint = codes.zeroPoint(row, block);
            int code = BlockCodes.nearest(weight, scale, zeroPoint, codes.largest());
            codes.setCode(row, order.columns()[from + j], code);
            return (code - zeroPoint) * scale;
        }

        private void compensate(int j, int first, int rows, float[] error) {
            for (int i = j; i < width; i++) {
                float[] column = columns[i];
                float factor = triangle[j][i];
                for (int row = first; row < first + rows; row++) {
                    column[row] -= error[row] * factor;
                }
            }
        }
    }
}
