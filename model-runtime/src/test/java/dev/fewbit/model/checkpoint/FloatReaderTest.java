package dev.fewbit.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FloatReaderTest {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int ALL = 1 << Short.SIZE;

    @ParameterizedTest
    @CsvSource({"0, 65536", "1, 65535", "7, 1", "7, 2", "32000, 1023", "32001, 1025", "65000, 536"})
    void shouldWidenEveryBf16ExactlyWhereverItBegins(int first, int count) {
        // Given: all 65,536 numbers, behind a byte that puts them on odd addresses
        MemorySegment data = MemorySegment.ofArray(new byte[2 * ALL + 1]).asSlice(1);
        for (int i = 0; i < ALL; i++) {
            data.set(SHORT, 2L * i, (short) i);
        }
        float[] floats = new float[count];

        // When
        new FloatReader().read(new Tensor("all", DType.BF16, new long[] {ALL}, data), first, floats, count);

        // Then: a bf16 is the upper half of an fp32
        int[] bits = IntStream.range(0, count)
                .map(i -> Float.floatToRawIntBits(floats[i]))
                .toArray();
        assertThat(bits)
                .containsExactly(IntStream.range(first, first + count)
                        .map(i -> i << Short.SIZE)
                        .toArray());
    }
}
