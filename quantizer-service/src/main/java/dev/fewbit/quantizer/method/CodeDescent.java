package dev.fewbit.quantizer.method;

import dev.fewbit.quantizer.matrix.Matrix;

/**
 * Coordinate descent on {@code (t - w') H (t - w')'} over the codes of a row, grids fixed: with {@code g = (t - w') H} the best value of
 * one weight, all others as they are, is {@code w'_j + g_j / H_jj}; its nearest code replaces the old one and {@code g} follows.
 *
 * @see <a href="https://arxiv.org/abs/2406.17542">Nair and Suggala 2024 (CDQuant)</a>, the cyclic variant
 */
final class CodeDescent {
    private final float[][] hessianRows;

    /** @param hessian {@code [k, k]} */
    CodeDescent(Matrix hessian) {
        hessianRows = new float[hessian.rows()][];
        for (int i = 0; i < hessianRows.length; i++) {
            hessianRows[i] = hessian.row(i);
        }
    }

    /**
     * Goes over the codes of a row.
     *
     * @param gradient {@code (t - w') H}, follows the codes
     */
    void descend(BlockCodes codes, int row, float[] gradient, int passes) {
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
