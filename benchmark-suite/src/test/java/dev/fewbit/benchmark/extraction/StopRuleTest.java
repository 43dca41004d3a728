package dev.fewbit.benchmark.extraction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StopRuleTest {
    private static final StopRule PYTHON = new StopRule(List.of("\ndef", "\n#", "\nif", "\nclass"));
    private static final StopRule JAVA = new StopRule(List.of("\n    }\n"));

    @Test
    void shouldCutAtTheFirstPlaceWhenSeveralStopTokensOccur() {
        // Given
        String completion = "    return a + b\n\nif __name__ == '__main__':\n    pass\n\ndef other():\n    pass";

        // When, Then
        assertThat(PYTHON.cut(completion)).isEqualTo("    return a + b\n");
    }

    @Test
    void shouldLeaveTheClosingBraceToTheTestsWhenJavaStops() {
        // Given
        String prompt = "class Problem {\n    static long f(long a) {\n";
        String completion = "        return a;\n    }\n    static long g() {\n";

        // When
        String program = prompt + JAVA.cut(completion);

        // Then: with the newline that the sandbox puts, the tests' "    }" closes the method
        assertThat(program + "\n" + "    }\n    public static void main(String[] args) {\n    }\n}\n")
                .isEqualTo("class Problem {\n    static long f(long a) {\n        return a;\n    }\n"
                        + "    public static void main(String[] args) {\n    }\n}\n");
    }

    @Test
    void shouldKeepEveryBlankWhenNothingStops() {
        // Given
        String completion = "  \t return 1 \n \n";

        // When, Then
        assertThat(PYTHON.cut(completion)).isEqualTo(completion);
        assertThat(new StopRule(List.of()).cut("a\ndef b")).isEqualTo("a\ndef b");
    }

    @Test
    void shouldBeEmptyWhenTheCompletionBeginsWithAStopToken() {
        // When, Then
        assertThat(PYTHON.cut("\ndef g():")).isEmpty();
    }
}
