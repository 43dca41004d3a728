package dev.fewbit.contracts.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.contracts.InvalidSpecException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecodingSpecTest {

    @Test
    void shouldSampleAsThePaperDoesWhenNothingIsSaid() {
        // arXiv 2503.07103: temperature 0.2, top_p 0.95, top_k 50
        assertThat(new DecodingSpec(null, null, null, null, null, null))
                .isEqualTo(new DecodingSpec(0.2, 0.95, 50, 300, 0L, ExecutionMode.EXACT))
                .isEqualTo(DecodingSpec.paper());
    }

    @Test
    void shouldTakeTheLikeliestTokenWhenGreedy() {
        assertThat(DecodingSpec.greedy(64)).isEqualTo(new DecodingSpec(0.0, 1.0, 1, 64, 0L, ExecutionMode.EXACT));
    }

    @Test
    void shouldAcceptLimitsWhenTheyAreTheLastAllowed() {
        assertThat(new DecodingSpec(100.0, 1.0, 1, 100_000, -1L, null).maxNewTokens())
                .isEqualTo(100_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "-0.1  | null | null | null   | temperature is -0.1; allowed: 0 to 100",
                "100.5 | null | null | null   | temperature is 100.5; allowed: 0 to 100",
                "NaN   | null | null | null   | temperature is NaN; allowed: 0 to 100",
                "null  | 0.0  | null | null   | top_p is 0.0; allowed: above 0, at most 1",
                "null  | 1.01 | null | null   | top_p is 1.01; allowed: above 0, at most 1",
                "null  | NaN  | null | null   | top_p is NaN; allowed: above 0, at most 1",
                "null  | null | 0    | null   | top_k is 0; allowed: 1 to 50",
                "null  | null | 51   | null   | top_k is 51; allowed: 1 to 50",
                "null  | null | null | 0      | max_new_tokens is 0; allowed: 1 to 100000",
                "null  | null | null | 100001 | max_new_tokens is 100001; allowed: 1 to 100000",
            })
    void shouldNameKeyValueAndWhatIsAllowedWhenOutOfRange(
            Double temperature, Double topP, Integer topK, Integer maxNewTokens, String message) {
        assertThatThrownBy(() -> new DecodingSpec(temperature, topP, topK, maxNewTokens, null, null))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessage(message);
    }
}
