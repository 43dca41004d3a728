package dev.fewbit.model.resident;

import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.device.BlockCopy;
import dev.fewbit.model.fused.FusedModel;
import dev.fewbit.model.onnx.ElementType;
import dev.fewbit.model.ort.NativeBinding;
import dev.fewbit.model.ort.NativeTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keys and values of all slots in the device's memory, those of int8 with their scales; a run reads and extends them in place. */
final class ResidentCache implements AutoCloseable {
    private final Placement placement;
    private final CacheShape shape;
    private final long address;
    /** As if each token's head were one number; null where keys and values have none. */
    private final CacheShape scales;

    private final long scalesAddress;
    private final Map<Range, List<NativeTensor>> views = new HashMap<>();

    private record Range(int first, int count) {}

    ResidentCache(Placement placement, CacheShape shape) {
        this.placement = placement;
        this.shape = shape;
        address = placement.memory().allocate(shape.bytes());
        scales = shape.type() == ElementType.INT8 ? shape.scales() : null;
        scalesAddress = scales == null ? 0 : placement.memory().allocate(scales.bytes());
    }

    CacheShape shape() {
        return shape;
    }

    /** Binds slots as past and, the same memory, as present. */
    void bind(NativeBinding binding, int first, int count) {
        List<NativeTensor> halves = views.computeIfAbsent(new Range(first, count), this::create);
        for (int layer = 0; layer < shape.layers(); layer++) {
            NativeTensor keys = halves.get(2 * layer);
            NativeTensor values = halves.get(2 * layer + 1);
            binding.input(DecoderGraph.pastKey(layer), keys);
            binding.input(DecoderGraph.pastValue(layer), values);
            if (scales == null) {
                binding.output(DecoderGraph.presentKey(layer), keys);
                binding.output(DecoderGraph.presentValue(layer), values);
            } else {
                binding.input(FusedModel.keyScales(layer), halves.get(2 * (shape.layers() + layer)));
                binding.input(FusedModel.valueScales(layer), halves.get(2 * (shape.layers() + layer) + 1));
            }
        }
    }

    private List<NativeTensor> create(Range range) {
        List<NativeTensor> tensors = new ArrayList<>();
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (boolean values : new boolean[] {false, true}) {
                tensors.add(placement.tensor(
                        address + shape.half(layer, values) + range.first() * shape.slotBytes(),
                        shape.type(),
                        range.count(),
                        shape.kvHeads(),
                        shape.capacity(),
                        shape.headDim()));
            }
        }
        for (int layer = 0; scales != null && layer < shape.layers(); layer++) {
            for (boolean values : new boolean[] {false, true}) {
                tensors.add(placement.tensor(
                        scalesAddress + scales.half(layer, values) + range.first() * scales.slotBytes(),
                        scales.type(),
                        range.count(),
                        scales.kvHeads(),
                        scales.capacity()));
            }
        }
        return tensors;
    }

    /** Copies the first {@code length} tokens of a slot to another. */
    void copy(int from, int to, int length) {
        if (from == to || length == 0) {
            return;
        }
        copy(shape, address, from, to, length);
        if (scales != null) {
            copy(scales, scalesAddress, from, to, length);
        }
    }

    private void copy(CacheShape shape, long address, int from, int to, int length) {
        placement
                .memory()
                .copy(new BlockCopy(
                        address + from * shape.slotBytes(),
                        address + to * shape.slotBytes(),
                        length * shape.tokenBytes(),
                        shape.headBytes(),
                        shape.kvHeads(),
                        shape.halfBytes(),
                        2L * shape.layers()));
    }

    @Override
    public void close() {
        views.values().forEach(tensors -> tensors.forEach(NativeTensor::close));
        placement.memory().free(address);
        if (scales != null) {
            placement.memory().free(scalesAddress);
        }
    }
}
