package dev.fewbit.quantizer.training.cuda;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.quantizer.cuda.DeviceArena;
import dev.fewbit.quantizer.cuda.DeviceMatrix;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerNorm;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;
import java.util.EnumMap;
import java.util.Map;

/** The weights of one decoder layer in device memory. */
final class DeviceWeights {
    private final Map<LayerNorm, DeviceMatrix> norms;
    private final Map<LayerLinear, DeviceMatrix> linears;

    private DeviceWeights(Map<LayerNorm, DeviceMatrix> norms, Map<LayerLinear, DeviceMatrix> linears) {
        this.norms = new EnumMap<>(norms);
        this.linears = new EnumMap<>(linears);
    }

    /** Layer {@code layer} of a checkpoint; one tensor at a time is widened in the host's memory. */
    static DeviceWeights of(DeviceArena arena, Checkpoint checkpoint, int layer) {
        Map<LayerLinear, DeviceMatrix> linears = new EnumMap<>(LayerLinear.class);
        for (LayerLinear linear : LayerLinear.values()) {
            linears.put(linear, upload(arena, checkpoint.tensor(linear.weight(layer))));
        }
        Map<LayerNorm, DeviceMatrix> norms = new EnumMap<>(LayerNorm.class);
        for (LayerNorm norm : LayerNorm.values()) {
            norms.put(norm, gains(arena, checkpoint.tensor(norm.weight(layer))));
        }
        return new DeviceWeights(norms, linears);
    }

    /** A tensor of two dimensions, widened. */
    static DeviceMatrix upload(DeviceArena arena, Tensor tensor) {
        try (Arena host = Arena.ofConfined()) {
            return arena.device().upload(arena, Matrix.of(host, tensor));
        }
    }

    /** The gains of a norm, {@code [1, hidden]}. */
    static DeviceMatrix gains(DeviceArena arena, Tensor tensor) {
        try (Arena host = Arena.ofConfined()) {
            float[] values = tensor.toFloats();
            Matrix row = Matrix.allocate(host, 1, values.length);
            row.setRow(0, values);
            return arena.device().upload(arena, row);
        }
    }

    /** The same weights; replacing one of them leaves the other's as they are. */
    DeviceWeights fork() {
        return new DeviceWeights(norms, linears);
    }

    /** {@code [1, hidden]}. */
    DeviceMatrix norm(LayerNorm norm) {
        return norms.get(norm);
    }

    /** {@code [n, k]}. */
    DeviceMatrix linear(LayerLinear linear) {
        return linears.get(linear);
    }

    void replace(LayerLinear linear, DeviceMatrix weight) {
        linears.put(linear, weight);
    }
}
