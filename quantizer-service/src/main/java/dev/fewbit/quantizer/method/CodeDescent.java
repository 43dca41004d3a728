package dev.fewbit.quantizer.method;

import dev.fewbit.quantizer.matrix.Matrix;

/**
 * Coordinate descent on {@code (t - w') H (t - w')'} over the codes of a row, grids fixed: with {@code g = (t - w') H} the best value of
 * one weight, all others as they are, is {@code w'_j + g_j / H_jj}; its nearest code replaces the old one and {@code g} follows.
 *
 * @see <a href="https://arxiv.org/abs/2406.17542">Nair and Suggala 2024 (CDQuant)</a>, the cyclic variant
 */
final class CodeDescent {
    private final Matrix hessian;
    private final float[] diagonal;

    /** @param hessian {@code [k, k]} */
    CodeDescent(Matrix hessian) {
        this.hessian = hessian;
        diagonal = new float[hessian.rows()];
        for (int i = 0; i < diagonal.length; i++) {
            diagonal[i] = hessian.get(i, i);
        }
    }

    /**
     * Goes over the codes of a row.
     *
     * @param gradient {@code (t - w') H}, follows the codes
     */
    void descend(BlockCodes codes, int row, float[] gradient, int passes) {
        float[] restored = codes.restored(row);
        // One row of the Hessian at a time, and only where a code changes: loops over an array and a segment are not
        // vectorized.
        float[] h = new float[codes.k];
        for (int pass = 0; pass < passes; pass++) {
            boolean moved = false;
            for (int j = 0; j < codes.k; j++) {
                int block = j / codes.blockSize;
                float scale = codes.scale(row, block);
                float wanted = restored[j] + gradient[j] / diagonal[j];
                int old = codes.code(row, j);
                int code = BlockCodes.nearest(wanted, scale, codes.zeroPoint(row, block), codes.largest());
                if (code != old) {
                    moved = true;
                    float change = (code - old) * scale;
                    codes.setCode(row, j, code);
                    restored[j] += change;
                    hessian.copyRow(j, 0, h, codes.k);
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
