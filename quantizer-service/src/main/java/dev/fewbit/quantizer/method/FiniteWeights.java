package dev.fewbit.quantizer.method;

import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.matrix.Matrix;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Refuses weights that are no numbers. */
final class FiniteWeights {
    private FiniteWeights() {}

    /** Refuses a decoder layer when one of its linears holds such a weight. */
    static void require(LayerWeights weights, int layer) {
        for (LayerLinear linear : LayerLinear.values()) {
            Matrix matrix = weights.linear(linear);
            if (matrix == null) {
                continue;
            }
            // The first of them in the graph's order is named, however many threads look.
            OptionalInt first = IntStream.range(0, matrix.rows())
                    .parallel()
                    .filter(row -> !isFinite(matrix.row(row)))
                    .findFirst();
            if (first.isPresent()) {
                for (float value : matrix.row(first.getAsInt())) {
                    require(linear.weight(layer), value);
                }
            }
        }
    }

    private static boolean isFinite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    static void require(String tensor, float value) {
        if (!Float.isFinite(value)) {
            throw new QuantizationException("tensor '" + tensor + "' holds " + value + "; allowed: finite weights");
        }
    }
}
