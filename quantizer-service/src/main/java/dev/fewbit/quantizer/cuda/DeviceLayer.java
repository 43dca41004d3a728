package dev.fewbit.quantizer.cuda;

import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerNorm;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/** The weights of one decoder layer in device memory; they may be replaced. */
public final class DeviceLayer {
    private final DeviceArena arena;
    private final Map<LayerNorm, DeviceMatrix> norms;
    private final Map<LayerLinear, DeviceMatrix> linears;

    private DeviceLayer(DeviceArena arena, Map<LayerNorm, DeviceMatrix> norms, Map<LayerLinear, DeviceMatrix> linears) {
        this.arena = arena;
        this.norms = new EnumMap<>(norms);
        this.linears = new EnumMap<>(linears);
    }

    /** A copy of {@code weights}, held by {@code arena}. */
    public static DeviceLayer of(DeviceArena arena, LayerWeights weights) {
        Map<LayerNorm, DeviceMatrix> norms = new EnumMap<>(LayerNorm.class);
        for (LayerNorm norm : LayerNorm.values()) {
            float[] gains = weights.norm(norm);
            DeviceMatrix row = arena.matrix(1, gains.length);
            arena.device().upload(MemorySegment.ofArray(gains), row.address());
            norms.put(norm, row);
        }
        Map<LayerLinear, DeviceMatrix> linears = new EnumMap<>(LayerLinear.class);
        for (LayerLinear linear : LayerLinear.values()) {
            linears.put(linear, arena.device().upload(arena, weights.linear(linear)));
        }
        return new DeviceLayer(arena, norms, linears);
    }

    /** The same weights; replacing one of them leaves the other's as they are. */
    public DeviceLayer fork() {
        return new DeviceLayer(arena, norms, linears);
    }

    /** Gains of a norm, {@code [1, hidden]}. */
    public DeviceMatrix norm(LayerNorm norm) {
        return norms.get(norm);
    }

    /** {@code [n, k]}. */
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
