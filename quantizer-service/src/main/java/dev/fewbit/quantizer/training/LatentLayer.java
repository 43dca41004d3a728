package dev.fewbit.quantizer.training;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;
import java.util.EnumMap;
import java.util.Map;

/** The linears of a layer that are trained, and the layer that computes with them. Linears that were not quantized stay as they are. */
final class LatentLayer {
    private final LayerWeights weights;
    private final Map<LayerLinear, LatentLinear> linears = new EnumMap<>(LayerLinear.class);

    /**
     * Begins at {@code start}.
     *
     * @param arena shared
     * @param original the 16-bit layer; it stays as it is
     */
    LatentLayer(Arena arena, LayerWeights original, Map<LayerLinear, BlockQuantizedWeight> start) {
        weights = original.fork();
        start.forEach((linear, weight) -> {
            LatentLinear latent = new LatentLinear(arena, weight);
            linears.put(linear, latent);
            weights.replace(linear, latent.restored());
        });
    }

    LayerWeights weights() {
        return weights;
    }

    Map<LayerLinear, LatentLinear> linears() {
        return linears;
    }

    /** Where the gradients of the linears' weights are summed up. */
    Map<LayerLinear, Matrix> gradients() {
        Map<LayerLinear, Matrix> gradients = new EnumMap<>(LayerLinear.class);
        linears.forEach((linear, latent) -> gradients.put(linear, latent.gradient()));
        return gradients;
    }

    /** What would be stored now. */
    Map<LayerLinear, BlockQuantizedWeight> packed() {
        Map<LayerLinear, BlockQuantizedWeight> packed = new EnumMap<>(LayerLinear.class);
        linears.forEach((linear, latent) -> packed.put(linear, latent.packed()));
        return packed;
    }
}
