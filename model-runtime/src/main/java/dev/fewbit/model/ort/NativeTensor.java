package dev.fewbit.model.ort;

import dev.fewbit.model.onnx.ElementType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A tensor over memory of the caller's, which must outlive it. */
public final class NativeTensor implements AutoCloseable {
    private final OrtApi api;
    private final MemorySegment value;

    /**
     * @param memory that {@code address} lies in
     * @param address of the first element
     * @param shape by dimension
     */
    public NativeTensor(OrtApi api, NativeMemory memory, long address, ElementType type, long... shape) {
        this.api = api;
        long bytes = type.bytes();
        for (long size : shape) {
            bytes = Math.multiplyExact(bytes, size);
        }
        try (Arena arena = Arena.ofConfined()) {
            value = api.create(
                    OrtFunction.CREATE_TENSOR_WITH_DATA,
                    memory.pointer(),
                    MemorySegment.ofAddress(address),
                    bytes,
                    arena.allocateFrom(ValueLayout.JAVA_LONG, shape),
                    (long) shape.length,
                    type.number());
        }
    }

    MemorySegment pointer() {
        return value;
    }

    @Override
    public void close() {
        api.release(OrtFunction.RELEASE_VALUE, value);
    }
}
