package dev.fewbit.contracts.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.contracts.InvalidSpecException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecutionLimitsTest {
    private static final long MIB = 1_048_576;

    @Test
    void shouldGiveJavaTwiceTheMemoryWhenDefaultsAreAsked() {
        assertThat(ExecutionLimits.of(ProgramLanguage.PYTHON))
                .isEqualTo(new ExecutionLimits(Duration.ofSeconds(3), Duration.ofSeconds(8), 256 * MIB, 262_144, 64));
        assertThat(ExecutionLimits.of(ProgramLanguage.JAVA))
                .isEqualTo(new ExecutionLimits(Duration.ofSeconds(6), Duration.ofSeconds(15), 512 * MIB, 262_144, 64));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "null  | PT8S | 1048576 | 1 | 1 | cpuTime is missing; allowed: a duration above zero, such as PT3S",
                "PT0S  | PT8S | 1048576 | 1 | 1 | cpuTime is PT0S; allowed: a duration above zero, such as PT3S",
                "PT3S  | PT-1S | 1048576 | 1 | 1 | wallTime is PT-1S; allowed: a duration above zero, such as PT3S",
                "PT3S  | PT8S | 1048575 | 1 | 1 | memoryBytes is 1048575; allowed: at least 1048576",
                "PT3S  | PT8S | 1048576 | 0 | 1 | outputBytes is 0; allowed: at least 1",
                "PT3S  | PT8S | 1048576 | 1 | 0 | processes is 0; allowed: at least 1",
            })
    void shouldNameKeyValueAndWhatIsAllowedWhenLimitIsWrong(
            Duration cpu, Duration wall, long memory, long output, int processes, String message) {
        assertThatThrownBy(() -> new ExecutionLimits(cpu, wall, memory, output, processes))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessage(message);
    }
}
