package dev.fewbit.contracts.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.contracts.InvalidSpecException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecodingSpecTest {

    @Test
    void shouldSampleAsTheStudyDoesWhenNothingIsSaid() {
        // arXiv 2503.07103: temperature 0.2, top_p 0.95, top_k 50
        assertThat(new DecodingSpec(null, null, null, null, null, null))
                .isEqualTo(new DecodingSpec(0.2, 0.95, 50, 300, 0L, ExecutionMode.EXACT))
                .isEqualTo(DecodingSpec.standard());
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

    @Test
    void shouldDecodeAsTheStudyDidWhenThePresetIsNamed() {
        // Given: arXiv 2503.07103's package: max_length 1024 (MultiPL-E) and 1500 (McEval), do_sample with T 0.2, top_p
        // 0.95 and
        // transformers' top_k of 50, 20 completions, prompts stripped
        DecodingSpec paper = DecodingSpec.paper();

        // When, Then
        assertThat(paper.samples()).hasValue(20);
        assertThat(paper.forBenchmark("multipl-e-humaneval-java")).isEqualTo(spelledOut(1024));
        assertThat(paper.forBenchmark("mceval-python")).isEqualTo(spelledOut(1500));
    }

    @Test
    void shouldTakeOneLikeliestSampleWhenThePresetIsGreedy() {
        DecodingSpec greedy =
                new DecodingSpec(DecodingPreset.GREEDY, null, null, null, 64, null, null, null, null, null, null);

        assertThat(greedy.samples()).hasValue(1);
        assertThat(greedy.forBenchmark("humaneval")).isEqualTo(DecodingSpec.greedy(64));
    }

    @Test
    void shouldKeepWhatIsGivenWhenAPresetSaysOtherwise() {
        DecodingSpec spec = new DecodingSpec(
                DecodingPreset.PAPER, 0.8, null, null, null, 2048, null, 3L, null, PromptStyle.PLAIN, 5);

        assertThat(spec.samples()).hasValue(5);
        assertThat(spec.forBenchmark("mceval-java"))
                .isEqualTo(new DecodingSpec(
                        null, 0.8, 0.95, 50, null, 2048, null, 3L, ExecutionMode.EXACT, PromptStyle.PLAIN, 5));
    }

    @Test
    void shouldRefuseTwoLimitsAndEmptyStopsWhenTheyAreGiven() {
        assertInvalid(
                () -> new DecodingSpec(null, null, null, null, 10, 20, null, null, null, null, null),
                "max_length is 20; allowed: max_length or max_new_tokens, not both");
        assertInvalid(
                () -> new DecodingSpec(null, null, null, null, null, 1, null, null, null, null, null),
                "max_length is 1; allowed: 2 to 1000000");
        assertInvalid(
                () -> new DecodingSpec(null, null, null, null, null, null, List.of("a", ""), null, null, null, null),
                "stop is a list with an empty string; allowed: strings of 1 to 1000 characters");
        assertInvalid(
                () -> new DecodingSpec(null, null, null, null, null, null, null, null, null, null, 0),
                "n is 0; allowed: 1 to 1000");
    }

    private static DecodingSpec spelledOut(int length) {
        return new DecodingSpec(
                null, 0.2, 0.95, 50, null, length, null, 0L, ExecutionMode.EXACT, PromptStyle.STRIPPED, null);
    }

    private static void assertInvalid(ThrowingCallable making, String message) {
        assertThatThrownBy(making).isInstanceOf(InvalidSpecException.class).hasMessage(message);
    }
}
