package dev.fewbit.quantizer.method;

import dev.fewbit.quantizer.QuantizationException;

/** Refuses weights that are no numbers. */
final class FiniteWeights {
    private FiniteWeights() {}

    static void require(String tensor, float value) {
        if (!Float.isFinite(value)) {
            throw new QuantizationException("tensor '" + tensor + "' holds " + value + "; allowed: finite weights");
        }
    }
}
