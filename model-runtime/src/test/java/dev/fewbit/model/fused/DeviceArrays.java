package dev.fewbit.model.fused;

import dev.fewbit.model.device.CudaMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** Arrays of this JVM on a GPU and back, and random ones. What is put there stays until the GPU's memory is closed. */
final class DeviceArrays {
    private final CudaMemory memory;
    private final Random random;

    DeviceArrays(CudaMemory memory, long seed) {
        this.memory = memory;
        random = new Random(seed);
    }

    /** Normal numbers that fp16 holds. */
    float[] random(int count, double deviation) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = Float.float16ToFloat(Float.floatToFloat16((float) (random.nextGaussian() * deviation)));
        }
        return values;
    }

    byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    long halves(float[] values) {
        short[] halves = new short[values.length];
        for (int i = 0; i < halves.length; i++) {
            halves[i] = Float.floatToFloat16(values[i]);
        }
        return put(MemorySegment.ofArray(halves));
    }

    long floats(float[] values) {
        return put(MemorySegment.ofArray(values));
    }

    long ints(int[] values) {
        return put(MemorySegment.ofArray(values));
    }

    long bytes(byte[] values) {
        return put(MemorySegment.ofArray(values));
    }

    private long put(MemorySegment values) {
        MemorySegment buffer = memory.hostBuffer(values.byteSize()).copyFrom(values);
        long address = memory.allocate(values.byteSize());
        memory.upload(address, buffer);
        memory.synchronize();
        return address;
    }

    private MemorySegment get(long address, long bytes) {
        MemorySegment buffer = memory.hostBuffer(bytes);
        memory.download(buffer, address);
        memory.synchronize();
        return buffer;
    }

    float[] readHalves(long address, int count) {
        short[] halves = get(address, 2L * count).toArray(ValueLayout.JAVA_SHORT);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = Float.float16ToFloat(halves[i]);
        }
        return values;
    }

    float[] readFloats(long address, int count) {
        return get(address, 4L * count).toArray(ValueLayout.JAVA_FLOAT);
    }

    long[] readLongs(long address, int count) {
        return get(address, 8L * count).toArray(ValueLayout.JAVA_LONG);
    }

    byte[] readBytes(long address, int count) {
        return get(address, count).toArray(ValueLayout.JAVA_BYTE);
    }
}
