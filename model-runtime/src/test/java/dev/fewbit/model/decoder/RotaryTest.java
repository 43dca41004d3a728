package dev.fewbit.model.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Expected values: {@code ROPE_INIT_FUNCTIONS} of transformers 5.24. */
class RotaryTest {
    private static final float ONE_UNIT = 1.2e-7f;

    @Test
    void shouldStretchLongWavesAndBlendThoseBetweenWhenLlama3() {
        // Given: Llama 3.2
        Positions.Rotary rotary = new Positions.Rotary(64, 500_000, new RotaryScaling.Llama3(32, 1, 4, 8192));

        // Then
        assertFrequencies(
                rotary,
                new int[] {0, 10, 15, 16, 17, 18, 19, 31},
                1.0f,
                0.016560440883040428f,
                0.0012905480107292533f,
                0.000429556705057621f,
                9.708286233944818e-05f,
                1.9461638657958247e-05f,
                1.291476746700937e-05f,
                9.418306490260875e-08f);
        assertThat(rotary.magnitude()).isEqualTo(1);
    }

    @Test
    void shouldDividePositionsWhenLinear() {
        // Given: DeepSeek-Coder
        Positions.Rotary rotary = new Positions.Rotary(128, 100_000, new RotaryScaling.Linear(4));

        // Then
        assertFrequencies(rotary, new int[] {0, 1, 63}, 0.25f, 0.20884063839912415f, 2.992712552440935e-06f);
    }

    @Test
    void shouldDivideEachFrequencyAndMagnifyWhenLongRope() {
        // Given: 131,072 positions, 4,096 first learned
        List<Double> divisors =
                IntStream.range(0, 24).mapToObj(i -> 1 + i / 10.0).toList();
        double magnitude = Math.sqrt(1 + Math.log(32) / Math.log(4096));
        Positions.Rotary rotary =
                new Positions.Rotary(48, 10_000, new RotaryScaling.LongRope(divisors, magnitude, 4096));

        // Then
        assertFrequencies(rotary, new int[] {0, 5, 23}, 1.0f, 0.09785328060388565f, 4.447877290658653e-05f);
        assertThat(rotary.magnitude()).isCloseTo(1.1902380714238083f, within(ONE_UNIT));
    }

    private static void assertFrequencies(Positions.Rotary rotary, int[] pairs, float... expected) {
        float[] found = rotary.frequencies();
        for (int i = 0; i < pairs.length; i++) {
            assertThat(found[pairs[i]])
                    .as("pair %d", pairs[i])
                    .isCloseTo(expected[i], within(4 * ONE_UNIT * expected[i]));
        }
    }
}
