package dev.fewbit.model.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Reads elements of tensors as fp32, exactly. What is read over and over is read with one of these: it keeps its buffers. For use by one thread. */
public final class FloatReader {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_HALF = 0xFFFF_0000L;
    private static final int CHUNK = 1024;

    private int[] pairs = {};
    private long[] widened = {};

    /** {@code count} elements from element {@code first} on, into the beginning of {@code floats}. */
    public void read(Tensor tensor, long first, float[] floats, int count) {
        switch (tensor.dtype()) {
            case F32 -> MemorySegment.copy(tensor.data(), Tensor.FLOAT, first * Float.BYTES, floats, 0, count);
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    floats[i] = tensor.half(first + i);
                }
            }
            case BF16 -> readBrainFloats(tensor, first, floats, count);
        }
    }

    /**
     * In chunks over arrays of plain integers, two elements at a time: the compiler works on several integers at once, but not on shorts that become
     * integers.
     */
    private void readBrainFloats(Tensor tensor, long first, float[] floats, int count) {
        int wanted = Math.min(CHUNK, count) / 2;
        if (pairs.length < wanted) {
            pairs = new int[wanted];
            widened = new long[wanted];
        }
        int even = count & -2;
        for (int at = 0; at < even; at += CHUNK) {
            int size = Math.min(CHUNK, even - at);
            MemorySegment.copy(tensor.data(), INT, (first + at) * Short.BYTES, pairs, 0, size / 2);
            widen(pairs, widened, size / 2);
            MemorySegment.copy(MemorySegment.ofArray(widened), ValueLayout.JAVA_FLOAT, 0, floats, at, size);
        }
        if (even < count) {
            floats[even] = tensor.brain(first + even);
        }
    }

    /** The lower half of a pair is the first element. */
    private static void widen(int[] pairs, long[] widened, int count) {
        for (int i = 0; i < count; i++) {
            long pair = pairs[i];
            widened[i] = (pair & HIGH_HALF) << Integer.SIZE | pair << Short.SIZE & HIGH_HALF;
        }
    }
}
