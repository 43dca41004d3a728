package dev.fewbit.model.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CodePackingTest {
    private static final int[] WIDTHS = {2, 3, 4, 8};

    /** Odd and even, smaller than a block, whole blocks, one more and one less than whole blocks. */
    static Stream<Arguments> shapes() {
        return IntStream.of(WIDTHS)
                .boxed()
                .flatMap(bits -> IntStream.of(32, 64, 128)
                        .boxed()
                        .flatMap(block -> Stream.of(
                                        new int[] {1, 1},
                                        new int[] {3, 31},
                                        new int[] {2, 64},
                                        new int[] {37, 200},
                                        new int[] {5, 129},
                                        new int[] {4, 383},
                                        new int[] {7, 384})
                                .map(shape -> Arguments.of(bits, block, shape[0], shape[1]))));
    }

    @Test
    void shouldPutTheFirstCodeIntoTheLowestBitsWhenPackingByHandWrittenBytes() {
        // 8 codes 0..7 of 3 bits: 0b111_110_101_100_011_010_001_000 = 0xFAC688, little-endian
        assertThat(hex(CodePacking.packCodes(new byte[] {0, 1, 2, 3, 4, 5, 6, 7}, 1, 8, 8, 3)))
                .isEqualTo("88c6fa");
        // 4 codes of 2 bits: k % 4 = 0 in bits 0-1
        assertThat(hex(CodePacking.packCodes(new byte[] {3, 2, 1, 0, 0, 0, 0, 1}, 1, 8, 8, 2)))
                .isEqualTo("1b40");
        // 4 bits: even k is the low nibble
        assertThat(hex(CodePacking.packCodes(new byte[] {1, 2, 15, 0, 5, 6, 7, 8}, 1, 8, 8, 4)))
                .isEqualTo("210f6587");
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void shouldMatchThePlainReferenceWhenPacking(int bits, int block, int n, int k) {
        // Given
        byte[] codes = codes(n * k, bits);
        int blocks = Math.ceilDiv(k, block);

        // When
        byte[] packed = CodePacking.packCodes(codes, n, k, block, bits);

        // Then
        assertThat(packed).hasSize(n * blocks * block * bits / 8);
        for (int row = 0; row < n; row++) {
            for (int i = 0; i < blocks * block; i++) {
                int expected = i < k ? Byte.toUnsignedInt(codes[row * k + i]) : 0;
                int blob = (row * blocks + i / block) * (block * bits / 8);
                assertThat(referenceCode(packed, blob, i % block, bits)).isEqualTo(expected);
            }
        }
        assertThat(CodePacking.unpackCodes(packed, n, k, block, bits)).isEqualTo(codes);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void shouldStartEachRowOnANewByteWhenPackingZeroPoints(int bits, int block, int n, int k) {
        // Given
        int blocks = Math.ceilDiv(k, block);
        byte[] zeroPoints = codes(n * blocks, bits);

        // When
        byte[] packed = CodePacking.packZeroPoints(zeroPoints, n, blocks, bits);

        // Then
        int rowBytes = Math.ceilDiv(blocks * bits, 8);
        assertThat(packed).hasSize(n * rowBytes);
        for (int row = 0; row < n; row++) {
            for (int b = 0; b < blocks; b++) {
                assertThat(referenceCode(packed, row * rowBytes, b, bits))
                        .isEqualTo(Byte.toUnsignedInt(zeroPoints[row * blocks + b]));
            }
        }
        assertThat(CodePacking.unpackZeroPoints(packed, n, blocks, bits)).isEqualTo(zeroPoints);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void shouldKeepEveryWeightWhenExpandingTo4Bits(int bits, int block, int n, int k) {
        if (bits > 4) {
            assertThatThrownBy(() -> CodePacking.expandTo4Bits(
                            MemorySegment.ofArray(new byte[0]), bits, 0, false, MemorySegment.ofArray(new byte[0])))
                    .hasMessage("8 bits do not fit the 4-bit layout; allowed: 2, 3 or 4");
            return;
        }
        for (boolean symmetric : new boolean[] {false, true}) {
            // Given
            int blocks = Math.ceilDiv(k, block);
            byte[] codes = codes(n * k, bits);
            byte[] zeroPoints = codes(n * blocks, bits);
            byte[] packed = CodePacking.packCodes(codes, n, k, block, bits);
            byte[] wide = new byte[n * blocks * block / 2];

            // When
            CodePacking.expandTo4Bits(
                    MemorySegment.ofArray(packed),
                    bits,
                    (long) n * blocks * block,
                    symmetric,
                    MemorySegment.ofArray(wide));
            byte[] wideZeroPoints = CodePacking.expandZeroPointsTo4Bits(
                    CodePacking.packZeroPoints(zeroPoints, n, blocks, bits), bits, n, blocks);

            // Then: code - zero point is what it was, the scale is not touched
            for (int row = 0; row < n; row++) {
                for (int i = 0; i < k; i++) {
                    int narrowZero = symmetric ? 1 << (bits - 1) : zeroPoints[row * blocks + i / block];
                    int wideZero =
                            symmetric ? 8 : referenceCode(wideZeroPoints, row * Math.ceilDiv(blocks, 2), i / block, 4);
                    int wideCode = referenceCode(wide, (row * blocks + i / block) * block / 2, i % block, 4);
                    assertThat(wideCode - wideZero).isEqualTo(codes[row * k + i] - narrowZero);
                }
            }
        }
    }

    @Test
    void shouldRefuseWhenACodeDoesNotFit() {
        assertThatThrownBy(() -> CodePacking.packCodes(new byte[] {8}, 1, 1, 32, 3))
                .hasMessage("code 8 does not fit 3 bits");
        assertThatThrownBy(() -> CodePacking.packCodes(new byte[] {0}, 1, 1, 32, 5))
                .hasMessage("5 bits; allowed: 2, 3, 4 or 8");
        assertThatThrownBy(() -> CodePacking.packCodes(new byte[] {0}, 1, 1, 12, 4))
                .hasMessage("block size 12; allowed: a multiple of 8");
    }

    /** Bit by bit, straight from the rule. */
    private static int referenceCode(byte[] packed, int firstByte, int index, int bits) {
        int code = 0;
        for (int b = 0; b < bits; b++) {
            int bit = index * bits + b;
            code |= (packed[firstByte + bit / 8] >> (bit % 8) & 1) << b;
        }
        return code;
    }

    private static byte[] codes(int count, int bits) {
        byte[] codes = new byte[count];
        RandomGenerator random = new SplittableRandom(count * 31L + bits);
        for (int i = 0; i < count; i++) {
            codes[i] = (byte) random.nextInt(1 << bits);
        }
        return codes;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
