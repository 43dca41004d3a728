package dev.fewbit.model.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A tensor of a checkpoint, a view of the mapped file: valid until its {@link Checkpoint} is closed.
 *
 * @param name in the checkpoint, such as {@code model.layers.0.mlp.up_proj.weight}
 * @param dtype of the elements
 * @param shape row-major; linears are {@code [out, in]}
 * @param data {@code elements() * dtype.bytes()} bytes, read-only, little-endian, of any alignment
 */
public record Tensor(String name, DType dtype, long[] shape, MemorySegment data) {
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    public Tensor {
        shape = shape.clone();
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    /** The product of the shape; 1 for a scalar. */
    public long elements() {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    /** {@code count} rows from {@code first} on, a view of the same memory under another name. */
    public Tensor rows(String other, long first, long count) {
        long[] part = shape.clone();
        part[0] = count;
        long rowBytes = shape[0] == 0 ? 0 : data.byteSize() / shape[0];
        return new Tensor(other, dtype, part, data.asSlice(first * rowBytes, count * rowBytes));
    }

    /**
     * Widens all elements to fp32, exactly.
     *
     * @param floats receives {@code elements()} floats in native order
     */
    public void copyTo(MemorySegment floats) {
        long n = elements();
        switch (dtype) {
            case F32 -> MemorySegment.copy(data, FLOAT, 0, floats, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, n);
            case F16 -> {
                for (long i = 0; i < n; i++) {
                    floats.set(ValueLayout.JAVA_FLOAT_UNALIGNED, i * Float.BYTES, half(i));
                }
            }
            case BF16 -> {
                for (long i = 0; i < n; i++) {
                    floats.set(ValueLayout.JAVA_FLOAT_UNALIGNED, i * Float.BYTES, brain(i));
                }
            }
        }
    }

    /** All elements as fp32, exactly; for tensors below 2^31 elements. */
    public float[] toFloats() {
        return toFloats(0, Math.toIntExact(elements()));
    }

    /** {@code count} elements from element {@code first} on as fp32, exactly: the way to read a few rows of a large matrix. */
    public float[] toFloats(long first, int count) {
        float[] floats = new float[count];
        toFloats(first, floats, count);
        return floats;
    }

    /** As {@link #toFloats(long, int)}, into the beginning of {@code floats}. */
    public void toFloats(long first, float[] floats, int count) {
        new FloatReader().read(this, first, floats, count);
    }

    float half(long i) {
        return Float.float16ToFloat(data.get(SHORT, i * Short.BYTES));
    }

    float brain(long i) {
        return Float.intBitsToFloat(data.get(SHORT, i * Short.BYTES) << Short.SIZE);
    }

    @Override
    public String toString() {
        return name + " " + dtype + Arrays.toString(shape);
    }
}
