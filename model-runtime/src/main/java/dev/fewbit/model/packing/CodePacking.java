package dev.fewbit.model.packing;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Codes of 2, 3, 4 or 8 bits as a bit stream, least significant bit first: code i of a run sits at bits
 * {@code [i * bits, (i + 1) * bits)} of its bytes. A linear's codes are {@code [N, blocks, blockSize * bits / 8]} with {@code blocks =
 * ceil(K / blockSize)}, the last block filled up with zero codes; its zero points are {@code [N, ceil(blocks * bits / 8)]}, each row on a
 * byte of its own. This is the layout that MatMulNBits reads at 2, 4 and 8 bits, and the same rule at 3.
 *
 * @see <a href="https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md">com.microsoft.MatMulNBits</a>
 */
public final class CodePacking {
    /** Bits of the layout that narrower codes are widened to when they are loaded. */
    public static final int WIDE_BITS = 4;

    private static final int GROUP = 8;
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle FOUR = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt NIBBLES = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private CodePacking() {}

    /** Bytes that {@code codes} codes of {@code bits} bits take. */
    public static long packedBytes(long codes, int bits) {
        return Math.ceilDiv(Math.multiplyExact(codes, (long) bits), Byte.SIZE);
    }

    /** Blocks a row of {@code k} weights has, the last short one included. */
    public static int blocks(int k, int blockSize) {
        return Math.ceilDiv(k, blockSize);
    }

    /**
     * Packs a linear's codes.
     *
     * @param codes {@code [n, k]}, each in {@code [0, 2^bits)}, unsigned
     * @return {@code [n, ceil(k / blockSize), blockSize * bits / 8]}
     */
    public static byte[] packCodes(byte[] codes, int n, int k, int blockSize, int bits) {
        requireBlock(blockSize);
        int rowBytes = Math.toIntExact(packedBytes((long) blocks(k, blockSize) * blockSize, bits));
        byte[] packed = new byte[Math.multiplyExact(n, rowBytes)];
        for (int row = 0; row < n; row++) {
            packRow(codes, row * k, k, bits, packed, row * rowBytes);
        }
        return packed;
    }

    /** The inverse of {@link #packCodes}: {@code [n, k]}. */
    public static byte[] unpackCodes(byte[] packed, int n, int k, int blockSize, int bits) {
        requireBlock(blockSize);
        int rowBytes = Math.toIntExact(packedBytes((long) blocks(k, blockSize) * blockSize, bits));
        byte[] codes = new byte[Math.multiplyExact(n, k)];
        for (int row = 0; row < n; row++) {
            unpackRow(packed, row * rowBytes, bits, codes, row * k, k);
        }
        return codes;
    }

    /**
     * Packs a linear's zero points.
     *
     * @param zeroPoints {@code [n, blocks]}, each in {@code [0, 2^bits)}, unsigned
     * @return {@code [n, ceil(blocks * bits / 8)]}
     */
    public static byte[] packZeroPoints(byte[] zeroPoints, int n, int blocks, int bits) {
        int rowBytes = Math.toIntExact(packedBytes(blocks, bits));
        byte[] packed = new byte[Math.multiplyExact(n, rowBytes)];
        for (int row = 0; row < n; row++) {
            packRow(zeroPoints, row * blocks, blocks, bits, packed, row * rowBytes);
        }
        return packed;
    }

    /** The inverse of {@link #packZeroPoints}: {@code [n, blocks]}. */
    public static byte[] unpackZeroPoints(byte[] packed, int n, int blocks, int bits) {
        int rowBytes = Math.toIntExact(packedBytes(blocks, bits));
        byte[] zeroPoints = new byte[Math.multiplyExact(n, blocks)];
        for (int row = 0; row < n; row++) {
            unpackRow(packed, row * rowBytes, bits, zeroPoints, row * blocks, blocks);
        }
        return zeroPoints;
    }

    /**
     * Packs {@code count} codes from {@code codes[first]} on into the bytes from {@code packed[at]} on, which must be zero.
     *
     * @throws IllegalArgumentException when a code has more than {@code bits} bits
     */
    public static void packRow(byte[] codes, int first, int count, int bits, byte[] packed, int at) {
        requireBits(bits);
        int mask = (1 << bits) - 1;
        int whole = count / GROUP * GROUP;
        packGroups(codes, first, whole, bits, packed, at);
        for (int i = whole; i < count; i++) {
            int code = Byte.toUnsignedInt(codes[first + i]);
            requireCode(code, mask, bits);
            long bit = (long) i * bits;
            int index = at + (int) (bit / Byte.SIZE);
            int shifted = code << (int) (bit % Byte.SIZE);
            packed[index] |= (byte) shifted;
            if (shifted > 0xFF) {
                packed[index + 1] |= (byte) (shifted >>> Byte.SIZE);
            }
        }
    }

    /** Eight codes end where a byte does: they are moved together in one number, by pairs, fours and eights. */
    private static void packGroups(byte[] codes, int first, int count, int bits, byte[] packed, int at) {
        int mask = (1 << bits) - 1;
        long each = mask * 0x0101_0101_0101_0101L;
        long pairs = (mask | mask << bits) * 0x0001_0001_0001_0001L;
        long fours = (1L << 4 * bits) - 1;
        fours |= fours << Integer.SIZE;
        int index = at;
        for (int group = first; group < first + count; group += GROUP) {
            long stream = (long) EIGHT.get(codes, group);
            if ((stream & ~each) != 0) {
                for (int i = 0; i < GROUP; i++) {
                    requireCode(Byte.toUnsignedInt(codes[group + i]), mask, bits);
                }
            }
            stream = (stream | stream >>> Byte.SIZE - bits) & pairs;
            stream = (stream | stream >>> 2 * (Byte.SIZE - bits)) & fours;
            stream |= stream >>> 4 * (Byte.SIZE - bits);
            if (bits == WIDE_BITS) {
                FOUR.set(packed, index, (int) stream);
                index += bits;
            } else {
                for (int i = 0; i < bits; i++) {
                    packed[index++] = (byte) (stream >>> i * Byte.SIZE);
                }
            }
        }
    }

    private static void requireCode(int code, int mask, int bits) {
        if (code > mask) {
            throw new IllegalArgumentException("code " + code + " does not fit " + bits + " bits");
        }
    }

    /** Unpacks {@code count} codes from the bytes from {@code packed[at]} on into {@code codes} from {@code first} on. */
    public static void unpackRow(byte[] packed, int at, int bits, byte[] codes, int first, int count) {
        requireBits(bits);
        int mask = (1 << bits) - 1;
        for (int i = 0; i < count; i++) {
            long bit = (long) i * bits;
            int index = at + (int) (bit / Byte.SIZE);
            int shift = (int) (bit % Byte.SIZE);
            int pair = Byte.toUnsignedInt(packed[index]);
            if (shift + bits > Byte.SIZE) {
                pair |= Byte.toUnsignedInt(packed[index + 1]) << Byte.SIZE;
            }
            codes[first + i] = (byte) (pair >>> shift & mask);
        }
    }

    /**
     * Widens a linear's 2- or 3-bit codes to the 4-bit layout: the same weights, bit for bit. With zero points the codes keep their
     * value; without, where each layout's zero point is half its range, they move by the difference of the halves.
     *
     * @param packed {@code [n, blocks, blockSize * bits / 8]}
     * @param bits 2, 3, or 4 for a plain copy
     * @param codes {@code n * blocks * blockSize}, fill-up included; a multiple of 8
     * @param symmetric the linear has no zero points
     * @param wide receives {@code [n, blocks, blockSize / 2]}
     */
    public static void expandTo4Bits(
            MemorySegment packed, int bits, long codes, boolean symmetric, MemorySegment wide) {
        requireNarrow(bits);
        if (codes % GROUP != 0) {
            throw new IllegalArgumentException(codes + " codes; allowed: whole blocks, a multiple of " + GROUP);
        }
        int offset = symmetric ? (halfRange(WIDE_BITS) - halfRange(bits)) * 0x1111_1111 : 0;
        int mask = (1 << bits) - 1;
        for (long group = 0; group < codes / GROUP; group++) {
            int narrow = 0;
            for (int b = 0; b < bits; b++) {
                narrow |= Byte.toUnsignedInt(packed.get(ValueLayout.JAVA_BYTE, group * bits + b)) << b * Byte.SIZE;
            }
            int nibbles = 0;
            for (int i = 0; i < GROUP; i++) {
                nibbles |= (narrow >>> i * bits & mask) << i * WIDE_BITS;
            }
            // No carry: a code and the offset are together below 16.
            wide.set(NIBBLES, group * Integer.BYTES, nibbles + offset);
        }
    }

    /**
     * Widens a linear's 2- or 3-bit zero points to the 4-bit layout; their values stay.
     *
     * @param packed {@code [n, ceil(blocks * bits / 8)]}
     * @return {@code [n, ceil(blocks / 2)]}
     */
    public static byte[] expandZeroPointsTo4Bits(byte[] packed, int bits, int n, int blocks) {
        requireNarrow(bits);
        return packZeroPoints(unpackZeroPoints(packed, n, blocks, bits), n, blocks, WIDE_BITS);
    }

    /** The zero point of a linear without zero points: {@code 2^(bits - 1)}. */
    public static int halfRange(int bits) {
        return 1 << bits - 1;
    }

    private static void requireBits(int bits) {
        if (bits != 2 && bits != 3 && bits != 4 && bits != 8) {
            throw new IllegalArgumentException(bits + " bits; allowed: 2, 3, 4 or 8");
        }
    }

    private static void requireNarrow(int bits) {
        requireBits(bits);
        if (bits > WIDE_BITS) {
            throw new IllegalArgumentException(bits + " bits do not fit the 4-bit layout; allowed: 2, 3 or 4");
        }
    }

    private static void requireBlock(int blockSize) {
        if (blockSize < GROUP || blockSize % GROUP != 0) {
            throw new IllegalArgumentException("block size " + blockSize + "; allowed: a multiple of " + GROUP);
        }
    }
}
