package dev.fewbit.quantizer.method;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;

/** How far a quantized weight is from the original: {@code ||W' - W|| / ||W||} (Frobenius), 0 for a weight of zeros. */
final class RelativeError {
    private RelativeError() {}

    static double of(BlockQuantizedWeight quantized, Tensor original) {
        double error = 0;
        double norm = 0;
        try (Arena arena = Arena.ofConfined()) {
            Matrix restored = Matrix.allocate(arena, quantized.n(), quantized.k());
            quantized.dequantize(restored.data());
            for (int row = 0; row < quantized.n(); row++) {
                float[] found = restored.row(row);
                float[] wanted = original.toFloats((long) row * quantized.k(), quantized.k());
                for (int i = 0; i < found.length; i++) {
                    double gap = (double) found[i] - wanted[i];
                    error += gap * gap;
                    norm += (double) wanted[i] * wanted[i];
                }
            }
        }
        return norm == 0 ? 0 : Math.sqrt(error / norm);
    }
}
