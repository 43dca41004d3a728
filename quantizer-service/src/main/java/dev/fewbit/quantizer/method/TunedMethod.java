package dev.fewbit.quantizer.method;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.architecture.LinearWeight;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.training.TunedTraining;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code gptq+tuned}: all linears by {@code gptq+}, then trained together when the first of them is asked for. Zero points stay as
 * {@code gptq+} found them.
 */
public final class TunedMethod implements QuantizationMethod {
    private final Checkpoint checkpoint;
    private final QuantizationMethod start;
    private final TunedTraining training;
    private Map<String, QuantizedLinear> ready;

    /** @param start {@code gptq+} over the same windows; it is closed with this */
    TunedMethod(Checkpoint checkpoint, QuantizationMethod start, TunedTraining training) {
        this.checkpoint = checkpoint;
        this.start = start;
        this.training = training;
    }

    @Override
    public QuantizedLinear apply(Tensor weight) {
        if (ready == null) {
            ready = tuned();
        }
        QuantizedLinear result = ready.remove(weight.name());
        if (result == null) {
            throw new IllegalStateException(weight.name() + " is no decoder linear, or was asked for before");
        }
        return result;
    }

    private Map<String, QuantizedLinear> tuned() {
        Map<String, QuantizedLinear> results = new HashMap<>();
        List<Map<LayerLinear, BlockQuantizedWeight>> layers = new ArrayList<>();
        for (int layer = 0; layer < checkpoint.config().layers(); layer++) {
            Map<LayerLinear, BlockQuantizedWeight> blocks = new EnumMap<>(LayerLinear.class);
            for (LayerLinear linear : LayerLinear.of(checkpoint.config())) {
                QuantizedLinear quantized = start.apply(checkpoint.tensor(linear.weight(layer)));
                switch (quantized.weight()) {
                    case BlockQuantizedWeight weight -> blocks.put(linear, weight);
                    case LinearWeight dense -> results.put(linear.weight(layer), quantized);
                }
            }
            layers.add(blocks);
        }
        List<Map<LayerLinear, BlockQuantizedWeight>> trained = training.train(layers);
        for (int layer = 0; layer < trained.size(); layer++) {
            for (Map.Entry<LayerLinear, BlockQuantizedWeight> entry :
                    trained.get(layer).entrySet()) {
                String name = entry.getKey().weight(layer);
                double error = RelativeError.of(entry.getValue(), checkpoint.tensor(name));
                results.put(name, new QuantizedLinear(entry.getValue(), error));
            }
        }
        return results;
    }

    @Override
    public void close() {
        start.close();
    }
}
