package dev.fewbit.quantizer.method;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.packing.CodePacking;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.streams.GridCodes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.stream.IntStream;

/**
 * The codes of a weight {@code [n, k]} while they are being found: {@code w' = (code - zeroPoint) * scale} with a scale and a zero point
 * for each block of a row. Rows may be worked on in parallel.
 */
final class BlockCodes {
    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    final int n;
    final int k;
    final int bits;
    final int blockSize;
    final int blocks;
    /** {@code [n, k]}, unsigned. */
    private final byte[] codes;
    /** {@code [n, blocks]}, values that fp16 holds. */
    private final float[] scales;
    /** {@code [n, blocks]}, unsigned. */
    private final byte[] zeroPoints;

    BlockCodes(int n, int k, int bits, int blockSize) {
        this.n = n;
        this.k = k;
        this.bits = bits;
        this.blockSize = blockSize;
        blocks = CodePacking.blocks(k, blockSize);
        codes = new byte[Math.multiplyExact(n, k)];
        scales = new float[n * blocks];
        zeroPoints = new byte[n * blocks];
    }

    /** The arrays behind these codes. */
    GridCodes grids() {
        return new GridCodes(n, k, bits, blockSize, codes, scales, zeroPoints);
    }

    /**
     * Makes sure that fp16 holds every scale.
     *
     * @param tensor for the message
     */
    void requireFiniteScales(String tensor) {
        for (float scale : scales) {
            if (!Float.isFinite(scale)) {
                throw new QuantizationException(
                        "tensor '" + tensor + "': the scale of a block is beyond fp16, up to 65504");
            }
        }
    }

    /** The code nearest to {@code w} on a grid. */
    static int nearest(float w, float scale, int zeroPoint, int largest) {
        return Math.clamp((long) Math.rint((double) w / scale) + zeroPoint, 0, largest);
    }

    int largest() {
        return (1 << bits) - 1;
    }

    /** First column behind a block. */
    int end(int block) {
        return Math.min((block + 1) * blockSize, k);
    }

    int code(int row, int column) {
        return Byte.toUnsignedInt(codes[row * k + column]);
    }

    void setCode(int row, int column, int code) {
        codes[row * k + column] = (byte) code;
    }

    float scale(int row, int block) {
        return scales[row * blocks + block];
    }

    void setScale(int row, int block, float scale) {
        scales[row * blocks + block] = scale;
    }

    int zeroPoint(int row, int block) {
        return Byte.toUnsignedInt(zeroPoints[row * blocks + block]);
    }

    void setZeroPoint(int row, int block, int zeroPoint) {
        zeroPoints[row * blocks + block] = (byte) zeroPoint;
    }

    /** Gives a block the grid of a range; {@code tensor} is what a message names. */
    void setGrid(String tensor, int row, int block, BlockRange range, float low, float high) {
        float scale = range.finiteScale(tensor, low, high);
        setScale(row, block, scale);
        setZeroPoint(row, block, range.zeroPoint(low, scale));
    }

    /** {@code code - zeroPoint} along a row. */
    float[] steps(int row) {
        float[] steps = new float[k];
        for (int block = 0; block < blocks; block++) {
            int zeroPoint = zeroPoint(row, block);
            for (int i = block * blockSize; i < end(block); i++) {
                steps[i] = code(row, i) - zeroPoint;
            }
        }
        return steps;
    }

    /** The weights that a row stands for. */
    float[] restored(int row) {
        float[] weights = steps(row);
        for (int block = 0; block < blocks; block++) {
            float scale = scale(row, block);
            for (int i = block * blockSize; i < end(block); i++) {
                weights[i] *= scale;
            }
        }
        return weights;
    }

    /** The weights that all rows stand for. */
    Matrix restored(Arena arena) {
        Matrix matrix = Matrix.allocate(arena, n, k);
        IntStream.range(0, n).parallel().forEach(row -> matrix.setRow(row, restored(row)));
        return matrix;
    }

    /** {@code ||W' - W|| / ||W||}; 0 for a weight of zeros. */
    double relativeError(Matrix weight) {
        try (Arena arena = Arena.ofShared()) {
            return RelativeError.of(restored(arena), weight);
        }
    }

    /** As it is stored. */
    BlockQuantizedWeight packed(boolean withZeroPoints) {
        byte[] halves = new byte[scales.length * Short.BYTES];
        MemorySegment segment = MemorySegment.ofArray(halves);
        for (int i = 0; i < scales.length; i++) {
            segment.set(HALF, (long) i * Short.BYTES, Float.floatToFloat16(scales[i]));
        }
        int pointBytes = Math.toIntExact(CodePacking.packedBytes(blocks, bits));
        byte[] points = new byte[n * pointBytes];
        for (int row = 0; row < n; row++) {
            CodePacking.packRow(zeroPoints, row * blocks, blocks, bits, points, row * pointBytes);
        }
        return new BlockQuantizedWeight(
                bits,
                blockSize,
                n,
                k,
                MemorySegment.ofArray(CodePacking.packCodes(codes, n, k, blockSize, bits)),
                segment,
                withZeroPoints ? MemorySegment.ofArray(points) : null);
    }
}
