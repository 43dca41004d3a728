package dev.fewbit.quantizer.method;

import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerNorm;
import java.util.Map;

/**
 * A decoder layer, quantized.
 *
 * @param linears every linear of the layer
 * @param norms gains that took factors over, each an fp16 value, {@code [hidden]}; those that are not here stay as they are
 */
record LayerResult(Map<LayerLinear, QuantizedLinear> linears, Map<LayerNorm, float[]> norms) {}
