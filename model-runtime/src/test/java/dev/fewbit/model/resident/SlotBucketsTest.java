package dev.fewbit.model.resident;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SlotBucketsTest {
    static Stream<Arguments> sizes() {
        return Stream.of(
                Arguments.of(1, List.of(1)),
                Arguments.of(6, List.of(1, 2, 4, 6)),
                Arguments.of(20, List.of(1, 2, 4, 8, 16, 20)),
                Arguments.of(64, List.of(1, 2, 4, 8, 16, 24, 32, 48, 64)),
                Arguments.of(256, List.of(1, 2, 4, 8, 16, 24, 32, 48, 64, 96, 128, 192, 256)));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void shouldHavePowersOfTwoAndFromSixteenOnWhatIsBetweenThem(int slots, List<Integer> sizes) {
        assertThat(new SlotBuckets(slots).sizes()).isEqualTo(sizes);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 4", "8, 8", "9, 16", "17, 24", "25, 32", "33, 48", "49, 64", "64, 64"})
    void shouldTakeTheSmallestThatHoldsTheRows(int rows, int bucket) {
        assertThat(new SlotBuckets(64).bucket(rows)).isEqualTo(bucket);
    }

    @Test
    void shouldWasteLessThanHalfOfAStepsRowsWhateverTheirNumber() {
        // Given
        SlotBuckets buckets = new SlotBuckets(256);

        // When, Then
        for (int rows = 1; rows <= 256; rows++) {
            assertThat(buckets.bucket(rows)).isBetween(rows, 2 * rows - 1);
        }
    }
}
