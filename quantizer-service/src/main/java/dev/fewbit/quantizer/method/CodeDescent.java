package dev.fewbit.quantizer.method;

import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import dev.fewbit.quantizer.matrix.Products.Block;
import java.lang.foreign.Arena;

/**
 * Coordinate descent on {@code (w - w') H (w - w')'} over the codes of a row, grids fixed: with {@code g = (w - w') H} the best value of
 * one weight, all others as they are, is {@code w'_j + g_j / H_jj}; its nearest code replaces the old one and {@code g} follows.
 *
 * @see <a href="https://arxiv.org/abs/2406.17542">Nair and Suggala 2024 (CDQuant)</a>, the cyclic variant
 */
final class CodeDescent {
    private final Matrix weight;
    private final Matrix hessian;
    private final float[][] hessianRows;

    /**
     * @param weight {@code [n, k]}
     * @param hessian {@code [k, k]}
     */
    CodeDescent(Matrix weight, Matrix hessian) {
        this.weight = weight;
        this.hessian = hessian;
        hessianRows = new float[hessian.rows()][];
        for (int i = 0; i < hessianRows.length; i++) {
            hessianRows[i] = hessian.row(i);
        }
    }

    void descend(BlockCodes codes, int passes) {
        Products.tiles(codes.n).forEach(first -> {
            int rows = Products.tileRows(first, codes.n);
            try (Arena arena = Arena.ofConfined()) {
                Matrix gap = Matrix.allocate(arena, rows, codes.k);
                for (int row = 0; row < rows; row++) {
                    float[] difference = weight.row(first + row);
                    float[] restored = codes.restored(first + row);
                    for (int i = 0; i < codes.k; i++) {
                        difference[i] -= restored[i];
                    }
                    gap.setRow(row, difference);
                }
                Matrix gradient = Matrix.allocate(arena, rows, codes.k);
                Products.times(
                        rows,
                        codes.k,
                        codes.k,
                        1,
                        new Block(gap, 0, 0),
                        new Block(hessian, 0, 0),
                        0,
                        new Block(gradient, 0, 0));
                for (int row = 0; row < rows; row++) {
                    descend(codes, first + row, gradient.row(row), passes);
                }
            }
        });
    }

    private void descend(BlockCodes codes, int row, float[] gradient, int passes) {
        float[] restored = codes.restored(row);
        for (int pass = 0; pass < passes; pass++) {
            boolean moved = false;
            for (int j = 0; j < codes.k; j++) {
                int block = j / codes.blockSize;
                float scale = codes.scale(row, block);
                float[] h = hessianRows[j];
                float wanted = restored[j] + gradient[j] / h[j];
                int old = codes.code(row, j);
                int code = BlockCodes.nearest(wanted, scale, codes.zeroPoint(row, block), codes.largest());
                if (code != old) {
                    moved = true;
                    float change = (code - old) * scale;
                    codes.setCode(row, j, code);
                    restored[j] += change;
                    for (int i = 0; i < gradient.length; i++) {
                        gradient[i] -= change * h[i];
                    }
                }
            }
            if (!moved) {
                return;
            }
        }
    }
}
