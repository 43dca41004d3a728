package dev.fewbit.quantizer.method;

import dev.fewbit.model.checkpoint.DType;
import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.quantizer.QuantizationException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Tensors at 16 bits: bf16 and fp16 as they are, fp32 rounded to the nearest fp16. Infinities and NaN are refused, and so is what fp16
 * cannot hold: an artifact's graph with fp16 activations casts bf16 weights to fp16, where such a value would be infinite.
 */
public final class SixteenBits {
    private static final int CHUNK = 1 << 16;
    private static final float LARGEST_HALF = 65_504f;
    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private SixteenBits() {}

    /**
     * {@code tensor} at 16 bits.
     *
     * @throws QuantizationException when a value is not finite or beyond fp16's range
     */
    public static Tensor of(Tensor tensor) {
        long elements = tensor.elements();
        MemorySegment halves =
                tensor.dtype() == DType.F32 ? Arena.ofAuto().allocate(elements * Short.BYTES) : MemorySegment.NULL;
        for (long first = 0; first < elements; first += CHUNK) {
            float[] values = tensor.toFloats(first, (int) Math.min(CHUNK, elements - first));
            for (int i = 0; i < values.length; i++) {
                FiniteWeights.require(tensor.name(), values[i]);
                short half = half(tensor.name(), values[i]);
                if (tensor.dtype() == DType.F32) {
                    halves.set(HALF, (first + i) * Short.BYTES, half);
                }
            }
        }
        return tensor.dtype() == DType.F32 ? new Tensor(tensor.name(), DType.F16, tensor.shape(), halves) : tensor;
    }

    private static short half(String name, float value) {
        short half = Float.floatToFloat16(value);
        if (Float.isInfinite(Float.float16ToFloat(half))) {
            throw new QuantizationException("tensor '" + name + "' holds " + value
                    + "; artifacts hold such weights as fp16 or cast them to it, up to " + LARGEST_HALF);
        }
        return half;
    }
}
