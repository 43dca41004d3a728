package dev.fewbit.quantizer.method;

import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.matrix.Matrix;

/** Refuses weights that are no numbers. */
final class FiniteWeights {
    private FiniteWeights() {}

    /** Refuses a decoder layer when one of its linears holds such a weight. */
    static void require(LayerWeights weights, int layer) {
        for (LayerLinear linear : LayerLinear.values()) {
            Matrix matrix = weights.linear(linear);
            for (int row = 0; row < matrix.rows(); row++) {
                for (float value : matrix.row(row)) {
                    require(linear.weight(layer), value);
                }
            }
        }
    }

    static void require(String tensor, float value) {
        if (!Float.isFinite(value)) {
            throw new QuantizationException("tensor '" + tensor + "' holds " + value + "; allowed: finite weights");
        }
    }
}
