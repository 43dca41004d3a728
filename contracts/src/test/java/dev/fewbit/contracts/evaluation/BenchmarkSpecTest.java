package dev.fewbit.contracts.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.contracts.InvalidSpecException;
import dev.fewbit.contracts.execution.ProgramLanguage;
import org.junit.jupiter.api.Test;

class BenchmarkSpecTest {

    @Test
    void shouldNameMissingKeyWhenBenchmarkIsIncomplete() {
        assertThatThrownBy(() -> new BenchmarkSpec(" ", ProgramLanguage.JAVA, "b.jsonl", null))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessage("name is blank; allowed: a name for the benchmark");
        assertThatThrownBy(() -> new BenchmarkSpec("b", null, "b.jsonl", null))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessage("language is missing; allowed: python or java");
        assertThatThrownBy(() -> new BenchmarkSpec("b", ProgramLanguage.JAVA, " ", null))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessage("file is blank; allowed: the path of a JSONL file");
    }

    @Test
    void shouldTakeTheLanguageFromTheNameWhenThereIsNoFile() {
        assertThat(new BenchmarkSpec("humanevalplus", null, null, null).language())
                .isEqualTo(ProgramLanguage.PYTHON);
        assertThat(new BenchmarkSpec("multipl-e-mbpp-java", null, null, null).language())
                .isEqualTo(ProgramLanguage.JAVA);
        assertThat(new BenchmarkSpec("mceval-python", ProgramLanguage.PYTHON, null, null).language())
                .isEqualTo(ProgramLanguage.PYTHON);
    }

    @Test
    void shouldRefuseTheLanguageWhenTheNameSaysAnother() {
        assertThatThrownBy(() -> new BenchmarkSpec("multipl-e-mbpp-java", ProgramLanguage.PYTHON, null, null))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessage("language is python; allowed: java, as benchmark multipl-e-mbpp-java is in it");
        assertThatThrownBy(() -> new BenchmarkSpec("multipl-e-humaneval-cobol", null, null, null))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessage(
                        "name is multipl-e-humaneval-cobol; allowed: one that ends in a language that can be executed: "
                                + "python, java");
    }

    @Test
    void shouldDrawByStratumWithSeedZeroWhenNotSaid() {
        assertThat(new ProblemChoice(10, null, null)).isEqualTo(new ProblemChoice(10, "stratum", 0L));
    }

    @Test
    void shouldRefuseChoiceWhenItHasNoProblems() {
        assertThatThrownBy(() -> new ProblemChoice(0, null, null))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessage("problems is 0; allowed: at least 1");
        assertThatThrownBy(() -> new ProblemChoice(null, null, null))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessage("problems is missing; allowed: at least 1");
    }
}
