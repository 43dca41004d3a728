package dev.fewbit.model.resident;

import dev.fewbit.model.onnx.ElementType;

/**
 * The keys and values of all slots, in one block: {@code [layers, 2, slots, kvHeads, capacity, headDim]}, keys before values.
 *
 * @param layers decoder layers
 * @param slots rows
 * @param kvHeads key and value heads
 * @param capacity tokens of a slot
 * @param headDim width of a head
 * @param type of a number
 */
record CacheShape(int layers, int slots, int kvHeads, int capacity, int headDim, ElementType type) {
    /** The scales of as many heads of int8, one each. */
    CacheShape scales() {
        return new CacheShape(layers, slots, kvHeads, capacity, 1, ElementType.FLOAT);
    }

    /** Bytes of all of it, and of its scales where it has them. */
    long allBytes() {
        return bytes() + (type == ElementType.INT8 ? scales().bytes() : 0);
    }

    /** Bytes of a token in one head. */
    long tokenBytes() {
        return (long) headDim * type.bytes();
    }

    long headBytes() {
        return capacity * tokenBytes();
    }

    /** Bytes of one slot's keys in one layer; its values take as many. */
    long slotBytes() {
        return kvHeads * headBytes();
    }

    /** Bytes of all slots' keys in one layer. */
    long halfBytes() {
        return slots * slotBytes();
    }

    long bytes() {
        return 2 * layers * halfBytes();
    }

    /** Where a layer's keys, or its values, begin. */
    long half(int layer, boolean values) {
        return (2L * layer + (values ? 1 : 0)) * halfBytes();
    }
}
