package dev.fewbit.contracts.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class JudgingLineTest {

    @Test
    void shouldComeBackWhenWrittenBeforeTests() {
        // Given
        JudgingLine python = new JudgingLine(true, true, OptionalInt.empty());
        JudgingLine java = new JudgingLine(false, false, OptionalInt.of(11));

        // When
        String tests = python.before(ProgramLanguage.PYTHON, "assert f() == 1\n");

        // Then
        assertThat(tests).isEqualTo("# fewbit-judge: imported two-process\nassert f() == 1\n");
        assertThat(JudgingLine.of(tests)).isEqualTo(python);
        assertThat(JudgingLine.of(java.before(ProgramLanguage.JAVA, "    }\n"))).isEqualTo(java);
    }

    @Test
    void shouldLeaveTestsAsTheyAreWhenNothingIsAsked() {
        assertThat(JudgingLine.NONE.before(ProgramLanguage.PYTHON, "x")).isEqualTo("x");
        assertThat(JudgingLine.of("# a comment\nassert f()")).isEqualTo(JudgingLine.NONE);
        assertThat(JudgingLine.of("")).isEqualTo(JudgingLine.NONE);
    }

    @Test
    void shouldNameTheWordWhenItIsUnknown() {
        assertThatThrownBy(() -> JudgingLine.of("# fewbit-judge: three-process\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the tests ask their judge for 'three-process'; allowed: imported, two-process, release=N");
    }
}
