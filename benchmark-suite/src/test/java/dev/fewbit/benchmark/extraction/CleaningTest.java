package dev.fewbit.benchmark.extraction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.benchmark.harness.Answer;
import dev.fewbit.contracts.execution.ProgramLanguage;
import org.junit.jupiter.api.Test;

class CleaningTest {
    private static final Cleaning.Place PYTHON = new Cleaning.Place(
            ProgramLanguage.PYTHON, "def g(x):\n    return x\n\ndef f(x):\n    \"\"\"é\"\"\"\n", "check(f)");
    private static final String OPEN = "class Problem {\n    static long f(long a) {\n";

    @Test
    void shouldKeepTheFirstBlockAloneWhenAnAnswerIsMarkdown() {
        // Given
        String answer = "Here it is:\n```python\ndef f(x):\n    return `x`\n```\nAnd another:\n```\nno\n```\n";

        // When, Then
        assertThat(Cleaning.FENCES.clean(new Answer.Program(answer), PYTHON))
                .isEqualTo(new Answer.Program("def f(x):\n    return `x`\n"));
    }

    @Test
    void shouldGoToTheEndWhenNoFenceClosesTheBlock() {
        assertThat(Cleaning.FENCES.clean(new Answer.Completion("```java\n    return 1;\n"), PYTHON))
                .isEqualTo(new Answer.Completion("    return 1;\n"));
    }

    @Test
    void shouldLeaveAnAnswerAloneWhenItHasNoFence() {
        // Given: leading spaces are a completion's first indentation
        Answer answer = new Answer.Completion("    return '```'\n");

        // When, Then
        assertThat(Cleaning.FENCES.clean(answer, PYTHON)).isEqualTo(answer);
    }

    @Test
    void shouldDropWhatFollowsTheFunctionThatThePromptOpened() {
        // Given: an inner function, and bytes that are no characters
        String body = "    def inner(y):\n        return 'ü'\n    return inner(x)";

        // When, Then
        assertThat(Cleaning.FIRST_FUNCTION.clean(
                        new Answer.Completion(body + "\n\nprint(f(1))\n\ndef h():\n    pass\n"), PYTHON))
                .isEqualTo(new Answer.Completion(body));
        assertThat(Cleaning.FIRST_FUNCTION.clean(
                        new Answer.Program("import re\ndef g(x): return 1\ndef f(x): return 2\nf(3)\n"), PYTHON))
                .isEqualTo(new Answer.Program("import re\ndef g(x): return 1\ndef f(x): return 2"));
    }

    @Test
    void shouldLeaveTheClosingBraceToTheTestsWhenTheyBeginWithIt() {
        // Given
        Answer answer = new Answer.Completion("        return a;\n    }\n    static void more() {}\n}\n");

        // When, Then
        assertThat(Cleaning.FIRST_FUNCTION.clean(
                        answer, new Cleaning.Place(ProgramLanguage.JAVA, OPEN, "    }\n    public static void main")))
                .isEqualTo(new Answer.Completion("        return a;\n    "));
        assertThat(Cleaning.FIRST_FUNCTION.clean(
                        answer, new Cleaning.Place(ProgramLanguage.JAVA, OPEN, "    public static void main")))
                .isEqualTo(new Answer.Completion("        return a;\n    }"));
    }

    @Test
    void shouldLeaveTextAloneWhenItHasNoFunction() {
        assertThat(Cleaning.FIRST_FUNCTION.clean(new Answer.Program("x = 1\n"), PYTHON))
                .isEqualTo(new Answer.Program("x = 1\n"));
    }
}
