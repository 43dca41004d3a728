package dev.fewbit.quantizer.method;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;
import java.util.function.IntFunction;

/** How far a quantized weight is from the original: {@code ||W' - W|| / ||W||} (Frobenius), 0 for a weight of zeros. */
final class RelativeError {
    private RelativeError() {}

    /**
     * Of a weight that was restored.
     *
     * @param restored {@code [n, k]}
     * @param original {@code [n, k]}
     */
    static double of(Matrix restored, Matrix original) {
        return of(restored, original::row);
    }

    /** Of a weight as it is stored. */
    static double of(BlockQuantizedWeight quantized, Tensor original) {
        try (Arena arena = Arena.ofConfined()) {
            return of(Matrix.of(arena, quantized), row -> original.toFloats((long) row * quantized.k(), quantized.k()));
        }
    }

    private static double of(Matrix restored, IntFunction<float[]> original) {
        double error = 0;
        double norm = 0;
        for (int row = 0; row < restored.rows(); row++) {
            float[] found = restored.row(row);
            float[] wanted = original.apply(row);
            for (int i = 0; i < found.length; i++) {
                double gap = (double) found[i] - wanted[i];
                error += gap * gap;
                norm += (double) wanted[i] * wanted[i];
            }
        }
        return norm == 0 ? 0 : Math.sqrt(error / norm);
    }
}
