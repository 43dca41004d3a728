package dev.fewbit.quantizer.forward;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.decoder.LayerSpec;
import dev.fewbit.model.decoder.LinearSpec;
import dev.fewbit.model.decoder.NormSpec;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** The weights of one decoder layer in fp32; linears and the norms in front of them may be replaced. */
public final class LayerWeights {
    private final LayerSpec spec;
    private final Map<LayerNorm, float[]> norms;
    private final Map<LayerLinear, Matrix> linears;
    /** Biases, and gains of the other norms, by their names in the checkpoint. */
    private final Map<String, float[]> vectors;

    private LayerWeights(
            LayerSpec spec,
            Map<LayerNorm, float[]> norms,
            Map<LayerLinear, Matrix> linears,
            Map<String, float[]> vectors) {
        this.spec = spec;
        this.norms = new EnumMap<>(norms);
        this.linears = new EnumMap<>(linears);
        this.vectors = Map.copyOf(vectors);
    }

    /** Layer {@code layer} of a checkpoint, held as long as {@code arena}. */
    public static LayerWeights of(Arena arena, Checkpoint checkpoint, int layer) {
        LayerSpec spec = checkpoint.config().decoder().layers().get(layer);
        Map<LayerLinear, Matrix> linears = new EnumMap<>(LayerLinear.class);
        for (LayerLinear linear : LayerLinear.of(checkpoint.config())) {
            linears.put(linear, Matrix.of(arena, checkpoint.tensor(linear.weight(layer))));
        }
        Map<LayerNorm, float[]> norms = new EnumMap<>(LayerNorm.class);
        for (LayerNorm norm : LayerNorm.values()) {
            norms.put(norm, checkpoint.tensor(norm.in(spec).weight()).toFloats());
        }
        Map<String, float[]> vectors = new HashMap<>();
        for (NormSpec norm : spec.norms()) {
            vectors.put(norm.weight(), checkpoint.tensor(norm.weight()).toFloats());
            norm.bias()
                    .ifPresent(bias -> vectors.put(bias, checkpoint.tensor(bias).toFloats()));
        }
        for (LinearSpec linear : spec.linears()) {
            linear.bias()
                    .ifPresent(bias -> vectors.put(bias, checkpoint.tensor(bias).toFloats()));
        }
        return new LayerWeights(spec, norms, linears, vectors);
    }

    /** The same weights; replacing one of them leaves the other's as they are. */
    public LayerWeights fork() {
        return new LayerWeights(spec, norms, linears, vectors);
    }

    /** What the layer computes. */
    public LayerSpec spec() {
        return spec;
    }

    /** What is added to the residual stream is multiplied by. */
    public float residualMultiplier() {
        return (float) spec.residualMultiplier();
    }

    /** Gains of a norm as they are stored, {@code [hidden]}: not to be written to. */
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

    /** A bias, or the gains of a norm that cannot be replaced, by the name in the checkpoint: not to be written to. */
    public float[] vector(String name) {
        return vectors.get(name);
    }
}
