package dev.fewbit.benchmark.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.contracts.execution.ExecutionLimits;
import dev.fewbit.contracts.execution.ProgramLanguage;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JudgingSpecTest {
    private static final ExecutionLimits LIMITS = ExecutionLimits.of(ProgramLanguage.PYTHON);
    private static final JudgingSpec SPEC = new JudgingSpec(ProgramLanguage.PYTHON, LIMITS, "CPython 3.11.2", 1);

    @Test
    void shouldBeTheDigestOfItsPartsWhenComputedWithSha256sum() {
        // When, Then: sha256sum over the lines that executionId documents
        assertThat(SPEC.executionId("aa", "bb"))
                .isEqualTo("e0642608f8ea35efa371d26175ebb7e2a5355f7bc4a4fb30ddced5dc2c949758");
    }

    @Test
    void shouldDifferWhenAnyPartDiffers() {
        // Given
        ExecutionLimits slower = new ExecutionLimits(
                LIMITS.cpuTime(),
                Duration.ofSeconds(9),
                LIMITS.memoryBytes(),
                LIMITS.outputBytes(),
                LIMITS.processes());

        // When
        List<String> ids = Stream.of(
                        SPEC.executionId("aa", "bb"),
                        SPEC.executionId("ab", "bb"),
                        SPEC.executionId("aa", "bc"),
                        new JudgingSpec(ProgramLanguage.JAVA, LIMITS, "CPython 3.11.2", 1).executionId("aa", "bb"),
                        new JudgingSpec(ProgramLanguage.PYTHON, slower, "CPython 3.11.2", 1).executionId("aa", "bb"),
                        new JudgingSpec(ProgramLanguage.PYTHON, LIMITS, "CPython 3.12.0", 1).executionId("aa", "bb"),
                        new JudgingSpec(ProgramLanguage.PYTHON, LIMITS, "CPython 3.11.2", 2).executionId("aa", "bb"))
                .distinct()
                .toList();

        // Then
        assertThat(ids).hasSize(7);
    }
}
