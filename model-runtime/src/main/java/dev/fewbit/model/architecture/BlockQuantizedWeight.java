package dev.fewbit.model.architecture;

import dev.fewbit.model.packing.CodePacking;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A weight as codes with a scale, and a zero point or none, a block of inputs: {@code w = (code - zeroPoint) * scale}.
 * Codes are packed least significant bit first.
 *
 * @param bits of a code: 8, 4, 3 or 2
 * @param blockSize inputs that share a scale: 32, 64 or 128; the last block of a row may be short, its codes are padded
 * @param n outputs
 * @param k inputs
 * @param codes uint8 {@code [n, ceil(k/blockSize), blockSize*bits/8]}
 * @param scales fp16 {@code [n, ceil(k/blockSize)]}
 * @param zeroPoints uint8 {@code [n, ceil(ceil(k/blockSize)*bits/8)]}, each row starting on a byte; {@code null} means
 *     {@code 2^(bits-1)} everywhere
 * @see <a href="https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MatMulNBits">
 *     MatMulNBits</a>
 */
public record BlockQuantizedWeight(
        int bits, int blockSize, int n, int k, MemorySegment codes, MemorySegment scales, MemorySegment zeroPoints)
        implements LinearWeight {
    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    public BlockQuantizedWeight {
        if (bits != 2 && bits != 3 && bits != 4 && bits != 8) {
            throw new IllegalArgumentException("bits " + bits + ": 2, 3, 4 or 8");
        }
        if (blockSize != 32 && blockSize != 64 && blockSize != 128) {
            throw new IllegalArgumentException("block size " + blockSize + ": 32, 64 or 128");
        }
        long blocks = (k + blockSize - 1) / blockSize;
        requireBytes("codes", codes, n * blocks * (blockSize * bits / Byte.SIZE));
        requireBytes("scales", scales, n * blocks * Short.BYTES);
        if (zeroPoints != null) {
            requireBytes("zero points", zeroPoints, n * ((blocks * bits + Byte.SIZE - 1) / Byte.SIZE));
        }
    }

    /** Blocks of a row. */
    public int blocks() {
        return (k + blockSize - 1) / blockSize;
    }

    /** Bytes of a block's codes. */
    public int blockBytes() {
        return blockSize * bits / Byte.SIZE;
    }

    /** Bytes of a row's zero points. */
    public int zeroPointBytes() {
        return (blocks() * bits + Byte.SIZE - 1) / Byte.SIZE;
    }

    /**
     * The weights as they are computed with, in fp32.
     *
     * @param floats receives {@code [n, k]}, little-endian
     */
    public void dequantize(MemorySegment floats) {
        dequantize(floats, 0, n);
    }

    /**
     * As {@link #dequantize}, on all processors.
     *
     * @param floats receives {@code [n, k]}, little-endian; it and this weight's parts may be read by any thread
     */
    public void dequantizeOnAllProcessors(MemorySegment floats) {
        int stretch = Math.ceilDiv(n, Runtime.getRuntime().availableProcessors());
        IntStream.range(0, Math.ceilDiv(n, stretch))
                .parallel()
                .forEach(part -> dequantize(floats, part * stretch, Math.min(n, (part + 1) * stretch)));
    }

    private void dequantize(MemorySegment floats, int first, int end) {
        byte[] packed = new byte[blocks() * blockBytes()];
        byte[] row = new byte[k];
        byte[] packedPoints = new byte[zeroPointBytes()];
        byte[] points = new byte[blocks()];
        Arrays.fill(points, (byte) CodePacking.halfRange(bits));
        for (int r = first; r < end; r++) {
            MemorySegment.copy(codes, ValueLayout.JAVA_BYTE, (long) r * packed.length, packed, 0, packed.length);
            CodePacking.unpackRow(packed, 0, bits, row, 0, k);
            if (zeroPoints != null) {
                long from = (long) r * packedPoints.length;
                MemorySegment.copy(zeroPoints, ValueLayout.JAVA_BYTE, from, packedPoints, 0, packedPoints.length);
                CodePacking.unpackRow(packedPoints, 0, bits, points, 0, points.length);
            }
            for (int c = 0; c < k; c++) {
                int block = c / blockSize;
                short scale = scales.get(HALF, ((long) r * points.length + block) * Short.BYTES);
                int steps = Byte.toUnsignedInt(row[c]) - Byte.toUnsignedInt(points[block]);
                floats.set(FLOAT, ((long) r * k + c) * Float.BYTES, steps * Float.float16ToFloat(scale));
            }
        }
    }

    private static void requireBytes(String what, MemorySegment segment, long expected) {
        if (segment.byteSize() != expected) {
            throw new IllegalArgumentException(
                    what + " have " + segment.byteSize() + " bytes, their shape needs " + expected);
        }
    }
}
