package dev.fewbit.benchmark.extraction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.benchmark.harness.Answer;
import org.junit.jupiter.api.Test;

class CleaningTest {

    @Test
    void shouldKeepTheFirstBlockAloneWhenAnAnswerIsMarkdown() {
        // Given
        String answer = "Here it is:\n```python\ndef f(x):\n    return `x`\n```\nAnd another:\n```\nno\n```\n";

        // When, Then
        assertThat(Cleaning.FENCES.clean(new Answer.Program(answer)))
                .isEqualTo(new Answer.Program("def f(x):\n    return `x`\n"));
    }

    @Test
    void shouldGoToTheEndWhenNoFenceClosesTheBlock() {
        assertThat(Cleaning.FENCES.clean(new Answer.Completion("```java\n    return 1;\n")))
                .isEqualTo(new Answer.Completion("    return 1;\n"));
    }

    @Test
    void shouldLeaveAnAnswerAloneWhenItHasNoFence() {
        // Given: leading spaces are a completion's first indentation
        Answer answer = new Answer.Completion("    return '```'\n");

        // When, Then
        assertThat(Cleaning.FENCES.clean(answer)).isEqualTo(answer);
    }
}
