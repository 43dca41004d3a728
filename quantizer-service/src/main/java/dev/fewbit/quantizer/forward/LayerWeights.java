package dev.fewbit.quantizer.forward;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;
import java.util.EnumMap;
import java.util.Map;

/** The weights of one decoder layer in fp32; they may be replaced. */
public final class LayerWeights {
    private final Map<LayerNorm, float[]> norms;
    private final Map<LayerLinear, Matrix> linears;

    private LayerWeights(Map<LayerNorm, float[]> norms, Map<LayerLinear, Matrix> linears) {
        this.norms = new EnumMap<>(norms);
        this.linears = new EnumMap<>(linears);
    }

    /** Layer {@code layer} of a checkpoint, held as long as {@code arena}. */
    public static LayerWeights of(Arena arena, Checkpoint checkpoint, int layer) {
        Map<LayerLinear, Matrix> linears = new EnumMap<>(LayerLinear.class);
        for (LayerLinear linear : LayerLinear.values()) {
            linears.put(linear, Matrix.of(arena, checkpoint.tensor(linear.weight(layer))));
        }
        Map<LayerNorm, float[]> norms = new EnumMap<>(LayerNorm.class);
        for (LayerNorm norm : LayerNorm.values()) {
            norms.put(norm, checkpoint.tensor(norm.weight(layer)).toFloats());
        }
        return new LayerWeights(norms, linears);
    }

    /** The same weights; replacing one of them leaves the other's as they are. */
    public LayerWeights fork() {
        return new LayerWeights(norms, linears);
    }

    /** Gains of a norm, {@code [hidden]}: not to be written to. */
    public float[] norm(LayerNorm norm) {
        return norms.get(norm);
    }

    public void replace(LayerNorm norm, float[] gains) {
        norms.put(norm, gains);
    }

    /** {@code [n, k]}. */
    public Matrix linear(LayerLinear linear) {
        return linears.get(linear);
    }

    public void replace(LayerLinear linear, Matrix weight) {
        linears.put(linear, weight);
    }
}
