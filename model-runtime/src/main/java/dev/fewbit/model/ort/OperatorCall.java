package dev.fewbit.model.ort;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The tensors of one run of a node. */
public final class OperatorCall {
    private final OrtApi api;
    private final MemorySegment context;

    OperatorCall(OrtApi api, MemorySegment context) {
        this.api = api;
        this.context = context;
    }

    /** Address of an input's first element, in the memory of the operator's device. */
    public long input(int index) {
        return api.number(OrtFunction.GET_TENSOR_MUTABLE_DATA, value(index));
    }

    /** Shape of an input. */
    public long[] shape(int index) {
        MemorySegment shape = api.create(OrtFunction.GET_TENSOR_SHAPE, value(index));
        try (Arena arena = Arena.ofConfined()) {
            long count = api.number(OrtFunction.GET_DIMENSIONS_COUNT, shape);
            MemorySegment dimensions = arena.allocate(ValueLayout.JAVA_LONG, count);
            api.check(OrtFunction.GET_DIMENSIONS, shape, dimensions, count);
            return dimensions.toArray(ValueLayout.JAVA_LONG);
        } finally {
            api.release(OrtFunction.RELEASE_TENSOR_SHAPE, shape);
        }
    }

    private MemorySegment value(int index) {
        return api.create(OrtFunction.GET_NODE_INPUT, context, (long) index);
    }

    /** Gives an output its shape, and says where its first element goes. */
    public long output(int index, long... shape) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = api.create(
                    OrtFunction.GET_NODE_OUTPUT,
                    context,
                    (long) index,
                    arena.allocateFrom(ValueLayout.JAVA_LONG, shape),
                    (long) shape.length);
            return api.number(OrtFunction.GET_TENSOR_MUTABLE_DATA, value);
        }
    }
}
