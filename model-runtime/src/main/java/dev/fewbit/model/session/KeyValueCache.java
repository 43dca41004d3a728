package dev.fewbit.model.session;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.fewbit.model.architecture.DecoderGraph;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * Keys and values of all slots: a block of memory outside the heap, for each layer keys then values, fp32
 * {@code [slots, kvHeads, capacity, headDim]}. A run sees a range of slots; past and present are the same memory, so that a
 * step writes its tokens in place and nothing is copied.
 */
final class KeyValueCache implements AutoCloseable {
    private static final long ALIGNMENT = 64;

    private final OrtEnvironment environment;
    private final Shape shape;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment block;
    private final Map<Range, View> views = new HashMap<>();

    /**
     * @param layers decoder layers
     * @param slots rows
     * @param kvHeads key and value heads
     * @param capacity tokens of a slot
     * @param headDim width of a head
     */
    record Shape(int layers, int slots, int kvHeads, int capacity, int headDim) {
        /** Bytes of one slot's keys in one layer; its values take as many. */
        long slotBytes() {
            return headBytes() * kvHeads;
        }

        long headBytes() {
            return (long) capacity * headDim * Float.BYTES;
        }

        /** Bytes of all slots' keys in one layer. */
        long halfBytes() {
            return slotBytes() * slots;
        }

        long bytes() {
            return 2 * halfBytes() * layers;
        }
    }

    private record Range(int first, int count) {}

    /**
     * The slots of a run.
     *
     * @param past by input name
     * @param present the same tensors by output name
     */
    record View(Map<String, OnnxTensor> past, Map<String, OnnxTensor> present) {}

    KeyValueCache(OrtEnvironment environment, Shape shape) {
        // A tensor is handed over as a ByteBuffer.
        if (shape.halfBytes() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a cache of " + shape.slots() + " slots of " + shape.capacity()
                    + " tokens has " + shape.halfBytes() + " bytes of keys a layer: at most " + Integer.MAX_VALUE
                    + "; take fewer slots or a shorter length");
        }
        this.environment = environment;
        this.shape = shape;
        block = arena.allocate(shape.bytes(), ALIGNMENT);
    }

    long bytes() {
        return block.byteSize();
    }

    View view(int first, int count) throws OrtException {
        Range range = new Range(first, count);
        View view = views.get(range);
        if (view == null) {
            view = create(range);
            views.put(range, view);
        }
        return view;
    }

    private View create(Range range) throws OrtException {
        Map<String, OnnxTensor> past = new HashMap<>();
        Map<String, OnnxTensor> present = new HashMap<>();
        for (int layer = 0; layer < shape.layers(); layer++) {
            OnnxTensor keys = tensor(half(layer, false), range);
            past.put(DecoderGraph.pastKey(layer), keys);
            present.put(DecoderGraph.presentKey(layer), keys);
            OnnxTensor values = tensor(half(layer, true), range);
            past.put(DecoderGraph.pastValue(layer), values);
            present.put(DecoderGraph.presentValue(layer), values);
        }
        return new View(past, present);
    }

    private OnnxTensor tensor(long half, Range range) throws OrtException {
        MemorySegment slice =
                block.asSlice(half + range.first() * shape.slotBytes(), range.count() * shape.slotBytes());
        return OnnxTensor.createTensor(
                environment,
                slice.asByteBuffer().order(ByteOrder.nativeOrder()),
                new long[] {range.count(), shape.kvHeads(), shape.capacity(), shape.headDim()},
                OnnxJavaType.FLOAT);
    }

    /** Copies the first {@code length} tokens of a slot to another. */
    void copy(int from, int to, int length) {
        long bytes = (long) length * shape.headDim() * Float.BYTES;
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (long half : new long[] {half(layer, false), half(layer, true)}) {
                for (int head = 0; head < shape.kvHeads(); head++) {
                    long inSlot = head * shape.headBytes();
                    MemorySegment.copy(
                            block,
                            half + from * shape.slotBytes() + inSlot,
                            block,
                            half + to * shape.slotBytes() + inSlot,
                            bytes);
                }
            }
        }
    }

    /** Where a layer's keys, or its values, begin. */
    private long half(int layer, boolean values) {
        return (2L * layer + (values ? 1 : 0)) * shape.halfBytes();
    }

    @Override
    public void close() {
        for (View view : views.values()) {
            view.past().values().forEach(OnnxTensor::close);
        }
        arena.close();
    }
}
