package dev.fewbit.quantizer.method;

import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;

/**
 * Rounding to nearest with a searched clip for each block of a row. Weights {@code w} of the block are cut to {@code [-c, c]}, {@code c = f
 * max|w|}, and of the fractions {@code f = 1, 0.95 .. 0.5} the one is taken whose error {@code e = round(cut(w)) - w} loses least in the
 * part of the outputs that the block makes:
 *
 * <pre>
 * ||e X_b'||^2 = e H_bb e'     H = X'X
 * </pre>
 *
 * @see <a href="https://arxiv.org/abs/2306.00978">Lin et al. 2023 (AWQ)</a> and its authors' code, {@code auto_clip}
 */
final class ClippedRounding {
    private static final int GRID = 20;
    private static final int FRACTIONS = 11;

    private final String name;
    private final BlockGrid grid;
    private final boolean search;

    /**
     * @param name of the linear, for messages
     * @param search {@code false}: nothing is cut
     */
    ClippedRounding(String name, BlockGrid grid, boolean search) {
        this.name = name;
        this.grid = grid;
        this.search = search;
    }

    /**
     * The codes of a weight whose columns have been multiplied.
     *
     * @param weight {@code W diag(factors)}, {@code [n, k]}
     * @param hessian {@code H [k, k]} of the inputs before they are divided by {@code factors}
     * @param factors {@code [k]}
     */
    BlockCodes round(Matrix weight, Matrix hessian, float[] factors) {
        BlockCodes codes = new BlockCodes(weight.rows(), weight.columns(), grid.bits(), grid.blockSize());
        float[][] blocks = search ? diagonalBlocks(codes, hessian, factors) : null;
        Products.tiles(codes.n).forEach(first -> {
            for (int row = first; row < first + Products.tileRows(first, codes.n); row++) {
                float[] w = weight.row(row);
                for (int block = 0; block < codes.blocks; block++) {
                    round(codes, row, block, w, blocks == null ? null : blocks[block]);
                }
            }
        });
        return codes;
    }

    private void round(BlockCodes codes, int row, int block, float[] w, float[] hessian) {
        int from = block * codes.blockSize;
        int to = codes.end(block);
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            low = Math.min(low, w[i]);
            high = Math.max(high, w[i]);
        }
        float cut = Math.max(Math.abs(low), Math.abs(high));
        if (hessian != null) {
            cut *= fraction(best(w, from, to - from, low, high, hessian));
        }
        codes.setGrid(name, row, block, grid.range(), Math.max(low, -cut), Math.min(high, cut));
        float scale = codes.scale(row, block);
        int zeroPoint = codes.zeroPoint(row, block);
        for (int i = from; i < to; i++) {
            codes.setCode(row, i, BlockCodes.nearest(w[i], scale, zeroPoint, codes.largest()));
        }
    }

    /** The fraction that loses least, the larger one among equals. */
    private int best(float[] w, int from, int width, float low, float high, float[] hessian) {
        float[] errors = new float[FRACTIONS * width];
        float largest = Math.max(Math.abs(low), Math.abs(high));
        for (int candidate = 0; candidate < FRACTIONS; candidate++) {
            float cut = largest * fraction(candidate);
            float start = Math.max(low, -cut);
            float scale = Float.float16ToFloat(grid.range().scale(start, Math.min(high, cut)));
            int zeroPoint = grid.range().zeroPoint(start, scale);
            for (int i = 0; i < width; i++) {
                int code = BlockCodes.nearest(w[from + i], scale, zeroPoint, grid.largest());
                errors[candidate * width + i] = (code - zeroPoint) * scale - w[from + i];
            }
        }
        return RangeSearch.least(errors, hessian, FRACTIONS, width);
    }

    private static float fraction(int candidate) {
        return 1 - (float) candidate / GRID;
    }

    /** {@code diag(1 / factors) H diag(1 / factors)}, its blocks on the diagonal. */
    private static float[][] diagonalBlocks(BlockCodes codes, Matrix hessian, float[] factors) {
        float[][] blocks = new float[codes.blocks][];
        for (int block = 0; block < codes.blocks; block++) {
            int from = block * codes.blockSize;
            int width = codes.end(block) - from;
            blocks[block] = new float[width * width];
            for (int i = 0; i < width; i++) {
                for (int j = 0; j < width; j++) {
                    blocks[block][i * width + j] =
                            hessian.get(from + i, from + j) / (factors[from + i] * factors[from + j]);
                }
            }
        }
        return blocks;
    }
}
