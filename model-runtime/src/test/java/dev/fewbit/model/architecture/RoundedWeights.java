package dev.fewbit.model.architecture;

import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.model.decoder.Architecture;
import dev.fewbit.model.packing.CodePacking;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The linears of a source rounded to nearest: as packed codes, or as the fp32 values these codes stand for, computed here
 * with plain arithmetic and no packing, so that either can be held against the other.
 *
 * @param source of the weights
 * @param bits of the codes
 * @param blockSize weights of a block
 * @param symmetric no zero points
 * @param dequantized whether {@link #linear} gives fp32 values
 */
public record RoundedWeights(WeightSource source, int bits, int blockSize, boolean symmetric, boolean dequantized)
        implements WeightSource {
    @Override
    public Tensor tensor(String name) {
        return source.tensor(name);
    }

    @Override
    public LinearWeight linear(String name) {
        if (name.equals(Architecture.HEAD)) {
            return source.linear(name);
        }
        Tensor weight = source.tensor(name);
        int n = (int) weight.shape()[0];
        int k = (int) weight.shape()[1];
        float[] values = weight.toFloats();
        int blocks = (k + blockSize - 1) / blockSize;
        int highest = (1 << bits) - 1;
        int middle = 1 << (bits - 1);
        byte[] codes = new byte[n * k];
        byte[] points = new byte[n * blocks];
        short[] scales = new short[n * blocks];
        float[] rounded = new float[n * k];
        for (int row = 0; row < n; row++) {
            for (int block = 0; block < blocks; block++) {
                float low = 0;
                float high = 0;
                int end = Math.min(k, (block + 1) * blockSize);
                for (int c = block * blockSize; c < end; c++) {
                    low = Math.min(low, values[row * k + c]);
                    high = Math.max(high, values[row * k + c]);
                }
                float width = symmetric ? Math.max(-low, high) / middle : (high - low) / highest;
                short half = Float.floatToFloat16(width);
                float scale = Float.float16ToFloat(half);
                int point = symmetric ? middle : Math.clamp(Math.round(-low / scale), 0, highest);
                scales[row * blocks + block] = half;
                points[row * blocks + block] = (byte) point;
                for (int c = block * blockSize; c < end; c++) {
                    int code = Math.clamp(Math.round(values[row * k + c] / scale) + point, 0, highest);
                    codes[row * k + c] = (byte) code;
                    rounded[row * k + c] = (code - point) * scale;
                }
            }
        }
        if (dequantized) {
            return new DenseWeight(RandomLlama.tensor(name, rounded, n, k));
        }
        ByteBuffer scaleBytes = ByteBuffer.allocate(scales.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        scaleBytes.asShortBuffer().put(scales);
        return new BlockQuantizedWeight(
                bits,
                blockSize,
                n,
                k,
                MemorySegment.ofArray(CodePacking.packCodes(codes, n, k, blockSize, bits)),
                MemorySegment.ofArray(scaleBytes.array()),
                symmetric ? null : MemorySegment.ofArray(CodePacking.packZeroPoints(points, n, blocks, bits)));
    }
}
