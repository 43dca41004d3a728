package dev.fewbit.quantizer.method;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.quantizer.forward.LayerLinear;
import java.util.HashMap;
import java.util.Map;

/**
 * A method that needs the inputs of linears: it walks through the decoder layer by layer, each on the outputs of those already
 * quantized, as linears are asked for in the graph's order.
 */
public final class CalibratedMethod implements QuantizationMethod {
    private final ModelConfig config;
    private final LayerWalk walk;
    private final Map<String, QuantizedLinear> ready = new HashMap<>();
    private int nextLayer;

    CalibratedMethod(ModelConfig config, LayerWalk walk) {
        this.config = config;
        this.walk = walk;
    }

    @Override
    public QuantizedLinear apply(Tensor weight) {
        while (!ready.containsKey(weight.name()) && nextLayer < config.layers()) {
            int layer = nextLayer++;
            Map<LayerLinear, QuantizedLinear> quantized = walk.next();
            quantized.forEach((linear, result) -> ready.put(linear.weight(layer), result));
        }
        QuantizedLinear result = ready.remove(weight.name());
        if (result == null) {
            throw new IllegalStateException(weight.name() + " is no decoder linear, or was asked for before");
        }
        return result;
    }

    @Override
    public void close() {
        walk.close();
    }
}
