package dev.fewbit.quantizer.forward;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;
import java.util.EnumMap;
import java.util.Map;

/** The weights of one decoder layer in fp32; linears may be replaced. */
public final class LayerWeights {
    private final float[] inputNorm;
    private final float[] middleNorm;
    private final Map<LayerLinear, Matrix> linears;

    private LayerWeights(float[] inputNorm, float[] middleNorm, Map<LayerLinear, Matrix> linears) {
        this.inputNorm = inputNorm;
        this.middleNorm = middleNorm;
        this.linears = new EnumMap<>(linears);
    }

    /** Layer {@code layer} of a checkpoint, held as long as {@code arena}. */
    public static LayerWeights of(Arena arena, Checkpoint checkpoint, int layer) {
        Map<LayerLinear, Matrix> linears = new EnumMap<>(LayerLinear.class);
        for (LayerLinear linear : LayerLinear.values()) {
            linears.put(linear, Matrix.of(arena, checkpoint.tensor(linear.weight(layer))));
        }
        String prefix = "model.layers." + layer + ".";
        return new LayerWeights(
                checkpoint.tensor(prefix + "input_layernorm.weight").toFloats(),
                checkpoint.tensor(prefix + "post_attention_layernorm.weight").toFloats(),
                linears);
    }

    /** The same weights; replacing a linear of one leaves the other as it is. */
    public LayerWeights fork() {
        return new LayerWeights(inputNorm, middleNorm, linears);
    }

    /** Gains of the norm in front of attention. */
    float[] inputNorm() {
        return inputNorm;
    }

    /** Gains of the norm in front of the MLP. */
    float[] middleNorm() {
        return middleNorm;
    }

    /** {@code [n, k]}. */
    public Matrix linear(LayerLinear linear) {
        return linears.get(linear);
    }

    public void replace(LayerLinear linear, Matrix weight) {
        linears.put(linear, weight);
    }
}
