package dev.fewbit.quantizer.artifact;

import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.quantizer.forward.DecoderForward;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.method.QuantizationMethod;
import java.lang.foreign.Arena;

/** Our own forward pass in fp32 with the weights that a recipe without calibration makes of a checkpoint. */
final class RestoredDecoder {
    private RestoredDecoder() {}

    /** @param length of the longest sequence */
    static DecoderForward of(Arena arena, Checkpoint checkpoint, Recipe recipe, int length) {
        DecoderForward decoder = new DecoderForward(arena, checkpoint, length);
        try (QuantizationMethod method = QuantizationMethod.of(recipe)) {
            for (int layer = 0; layer < checkpoint.config().layers(); layer++) {
                for (LayerLinear linear : LayerLinear.values()) {
                    Tensor weight = checkpoint.tensor(linear.weight(layer));
                    decoder.layer(layer).replace(linear, restored(arena, method, weight));
                }
            }
        }
        return decoder;
    }

    /** The weights that one tensor's codes stand for. */
    static Matrix restored(Arena arena, QuantizationMethod method, Tensor tensor) {
        return Matrix.of(arena, (BlockQuantizedWeight) method.apply(tensor).weight());
    }
}
