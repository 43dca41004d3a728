package dev.fewbit.quantizer.cuda;

import dev.fewbit.model.decoder.LayerSpec;
import dev.fewbit.model.decoder.LinearSpec;
import dev.fewbit.model.decoder.NormSpec;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerNorm;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.forward.Norms;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** The weights of one decoder layer in device memory; linears may be replaced. */
public final class DeviceLayer {
    private final DeviceArena arena;
    private final LayerSpec spec;
    /** Biases, and what norms multiply by, by their names in the checkpoint. */
    private final Map<String, DeviceMatrix> vectors;

    private final Map<LayerLinear, DeviceMatrix> linears;

    private DeviceLayer(
            DeviceArena arena,
            LayerSpec spec,
            Map<String, DeviceMatrix> vectors,
            Map<LayerLinear, DeviceMatrix> linears) {
        this.arena = arena;
        this.spec = spec;
        this.vectors = Map.copyOf(vectors);
        this.linears = new EnumMap<>(linears);
    }

    /** A copy of {@code weights}, held by {@code arena}. */
    public static DeviceLayer of(DeviceArena arena, LayerWeights weights) {
        LayerSpec spec = weights.spec();
        Map<String, DeviceMatrix> vectors = new HashMap<>();
        for (NormSpec norm : spec.norms()) {
            vectors.put(norm.weight(), row(arena, Norms.effective(norm, weights.vector(norm.weight()))));
            norm.bias().ifPresent(bias -> vectors.put(bias, row(arena, weights.vector(bias))));
        }
        for (LayerNorm norm : LayerNorm.values()) {
            NormSpec replaceable = norm.in(spec);
            vectors.put(replaceable.weight(), row(arena, Norms.effective(replaceable, weights.norm(norm))));
        }
        for (LinearSpec linear : spec.linears()) {
            linear.bias().ifPresent(bias -> vectors.put(bias, row(arena, weights.vector(bias))));
        }
        Map<LayerLinear, DeviceMatrix> linears = new EnumMap<>(LayerLinear.class);
        for (LayerLinear linear : LayerLinear.values()) {
            Matrix weight = weights.linear(linear);
            if (weight != null) {
                linears.put(linear, arena.device().upload(arena, weight));
            }
        }
        return new DeviceLayer(arena, spec, vectors, linears);
    }

    private static DeviceMatrix row(DeviceArena arena, float[] values) {
        DeviceMatrix row = arena.matrix(1, values.length);
        arena.device().upload(MemorySegment.ofArray(values), row.address());
        return row;
    }

    /** The same weights; replacing one of them leaves the other's as they are. */
    public DeviceLayer fork() {
        return new DeviceLayer(arena, spec, vectors, linears);
    }

    /** What the layer computes. */
    public LayerSpec spec() {
        return spec;
    }

    /** What a norm multiplies by, {@code [1, hidden]}: an offset is in it. */
    public DeviceMatrix norm(LayerNorm norm) {
        return vector(norm.in(spec).weight());
    }

    /** A bias, or what a norm multiplies by, {@code [1, width]}, by the name in the checkpoint. */
    public DeviceMatrix vector(String name) {
        return vectors.get(name);
    }

    /** {@code [n, k]}; {@code null} where the layer has none. */
    public DeviceMatrix linear(LayerLinear linear) {
        return linears.get(linear);
    }

    /** Takes a copy of another weight. */
    public void replace(LayerLinear linear, Matrix weight) {
        linears.put(linear, arena.device().upload(arena, weight));
    }

    /** Takes another weight, which lives at least as long. */
    public void replace(LayerLinear linear, DeviceMatrix weight) {
        linears.put(linear, weight);
    }
}
