package dev.fewbit.generation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.benchmark.harness.Answer;
import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.contracts.evaluation.PromptStyle;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerReadingTest {
    private static final List<String> BENCHMARK = List.of("\ndef", "\n#");

    @Test
    void shouldCutAtTheBenchmarksTokensAndTheSpecificationsWhenItIsACompletion() {
        // When
        AnswerReading reading = AnswerReading.of(spec(PromptStyle.PLAIN, List.of("STOP", "\n#")), BENCHMARK);

        // Then: leading spaces stay
        assertThat(reading.stop().stopTokens()).containsExactly("\ndef", "\n#", "STOP");
        assertThat(reading.answer("    return 1 STOP\ndef f")).isEqualTo(new Answer.Completion("    return 1 "));
    }

    @Test
    void shouldTakeTheFencedProgramWhenItIsAChat() {
        // When
        AnswerReading reading = AnswerReading.of(spec(PromptStyle.CHAT, null), BENCHMARK);

        // Then
        assertThat(reading.answer("Here:\n```python\ndef g():\n    return 1\n\ndef f():\n    return g()\n```\nDone"))
                .isEqualTo(new Answer.Program("def g():\n    return 1\n\ndef f():\n    return g()\n"));
    }

    private static DecodingSpec spec(PromptStyle style, List<String> stop) {
        return new DecodingSpec(null, null, null, null, null, null, stop, null, null, style, null);
    }
}
