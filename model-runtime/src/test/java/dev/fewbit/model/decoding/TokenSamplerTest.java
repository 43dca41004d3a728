package dev.fewbit.model.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.model.session.Candidates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected sets were computed with transformers 5.24 (TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper). */
class TokenSamplerTest {
    /** Probabilities at temperature 1: 0.5, 0.25, 0.125, 0.0625, 0.0625. */
    private static final Candidates HALVES = candidates(0.5, 0.25, 0.125, 0.0625, 0.0625);

    @Test
    void shouldTakeTheLikeliestWhenTemperatureIsZero() {
        // Given
        TokenSampler sampler = new TokenSampler(DecodingParameters.greedy(1));

        // When, Then
        assertThat(sampler.sample(HALVES, 0.999)).isEqualTo(100);
    }

    @ParameterizedTest
    @CsvSource({
        // top_p, top_k, largest id that can be drawn
        "1.0, 50, 104",
        "1.0, 1, 100",
        "1.0, 3, 102",
        // The fourth and the fifth are equal: both stay.
        "1.0, 4, 104",
        // Probability 0.5 is reached by the first alone.
        "0.5, 50, 100",
        "0.51, 50, 101",
        "0.75, 50, 101",
        "0.76, 50, 102",
        "0.9375, 50, 103",
        "0.94, 50, 104",
        "0.01, 50, 100",
        // After top_k 2 the probabilities are 2/3 and 1/3.
        "0.66, 2, 100",
        "0.67, 2, 101"
    })
    void shouldKeepTheSmallestSetWhenTopKAndTopPCut(double topP, int topK, int last) {
        // Given
        TokenSampler sampler = new TokenSampler(new DecodingParameters(1, topP, topK, 1, 0));

        // When, Then
        assertThat(sampler.sample(HALVES, Math.nextDown(1.0))).isEqualTo(last);
        assertThat(sampler.sample(HALVES, 0)).isEqualTo(100);
    }

    @Test
    void shouldDrawInProportionWhenNumbersAreUniform() {
        // Given: at temperature 0.5 probabilities are squared: 64, 16, 4, 1, 1 of 86
        TokenSampler sampler = new TokenSampler(new DecodingParameters(0.5, 1, 50, 1, 0));
        int[] counts = new int[5];

        // When
        int draws = 86_000;
        for (int i = 0; i < draws; i++) {
            counts[sampler.sample(HALVES, (i + 0.5) / draws) - 100]++;
        }

        // Then
        double[] expected = {64_000, 16_000, 4_000, 1_000, 1_000};
        for (int i = 0; i < counts.length; i++) {
            assertThat((double) counts[i]).isCloseTo(expected[i], within(2.0));
        }
    }

    @Test
    void shouldGiveTheSameNumbersWhenSeedProblemAndIndexAreTheSame() {
        // Given: the first numbers, computed with Python's hashlib and integers
        SampleRandom random = new SampleRandom(7, "Fewbit_000_collect", 2);

        // When, Then
        assertThat(random.next()).isEqualTo(0.20495139996852385);
        assertThat(random.next()).isEqualTo(0.20992082617192276);
        assertThat(new SampleRandom(7, "Fewbit_000_collect", 1).next()).isNotEqualTo(0.20495139996852385);
        assertThat(new SampleRandom(8, "Fewbit_000_collect", 2).next()).isNotEqualTo(0.20495139996852385);
        assertThat(new SampleRandom(7, "Fewbit_001_collect", 2).next()).isNotEqualTo(0.20495139996852385);
    }

    private static Candidates candidates(double... probabilities) {
        int[] ids = new int[probabilities.length];
        float[] logits = new float[probabilities.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = 100 + i;
            logits[i] = (float) Math.log(probabilities[i]);
        }
        return new Candidates(ids, logits, 0);
    }
}
