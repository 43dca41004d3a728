package dev.fewbit.quantizer.method;

import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import dev.fewbit.quantizer.matrix.Products.Block;
import java.lang.foreign.Arena;

/**
 * GPTQ: columns are rounded one by one, and what rounding a column did to the outputs is made good by the columns behind it. With
 * {@code H^-1 = U'U}, {@code W [n, k]} and column {@code j}:
 *
 * <pre>
 * e = (w_j - round(w_j)) / U_jj     W[:, j:] -= e U[j, j:]
 * </pre>
 *
 * within a block at once, for the columns behind the block with one product a block. A block's grid is chosen when the walk comes to
 * it, from the weights as they are by then.
 *
 * @see <a href="https://arxiv.org/abs/2210.17323">Frantar et al. 2022 (GPTQ), algorithm 1</a>
 */
final class CompensatedRounding {
    private final String name;
    private final BlockRange range;
    private final RangeSearch search;

    /**
     * @param name of the linear, for messages
     * @param search chooses a block's grid; {@code null} takes the whole span of its weights
     */
    CompensatedRounding(String name, BlockRange range, RangeSearch search) {
        this.name = name;
        this.range = range;
        this.search = search;
    }

    /**
     * Fills {@code codes}.
     *
     * @param weight {@code [n, k]}, left as it is
     * @param upper {@code U}, {@code [k, k]}
     */
    void round(Matrix weight, Matrix upper, BlockCodes codes) {
        try (Arena arena = Arena.ofShared()) {
            Matrix remaining = weight.copy(arena);
            Matrix errors = Matrix.allocate(arena, codes.n, codes.blockSize);
            for (int block = 0; block < codes.blocks; block++) {
                int from = block * codes.blockSize;
                int width = codes.end(block) - from;
                float[][] triangle = triangle(upper, from, width);
                float[] conditional = search == null ? null : RangeSearch.conditionalHessian(triangle);
                int current = block;
                Products.tiles(codes.n).forEach(first -> {
                    int rows = Products.tileRows(first, codes.n);
                    for (int row = first; row < first + rows; row++) {
                        roundBlock(remaining, row, current, triangle, conditional, errors, codes);
                    }
                    int behind = from + width;
                    if (behind < codes.k) {
                        Products.times(
                                rows,
                                codes.k - behind,
                                width,
                                -1,
                                new Block(errors, first, 0),
                                new Block(upper, from, behind),
                                1,
                                new Block(remaining, first, behind));
                    }
                });
            }
        }
    }

    private void roundBlock(
            Matrix remaining,
            int row,
            int block,
            float[][] triangle,
            float[] conditional,
            Matrix errors,
            BlockCodes codes) {
        int width = triangle.length;
        int from = block * codes.blockSize;
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
        float scale = codes.scale(row, block);
        int zeroPoint = codes.zeroPoint(row, block);
        for (int j = 0; j < width; j++) {
            int code = BlockCodes.nearest(w[j], scale, zeroPoint, codes.largest());
            codes.setCode(row, from + j, code);
            float[] u = triangle[j];
            float error = (w[j] - (code - zeroPoint) * scale) / u[j];
            errors.set(row, j, error);
            for (int i = j; i < width; i++) {
                w[i] -= error * u[i];
            }
        }
    }

    private static float[][] triangle(Matrix upper, int from, int width) {
        float[][] triangle = new float[width][width];
        for (int i = 0; i < width; i++) {
            for (int j = i; j < width; j++) {
                triangle[i][j] = upper.get(from + i, from + j);
            }
        }
        return triangle;
    }
}
