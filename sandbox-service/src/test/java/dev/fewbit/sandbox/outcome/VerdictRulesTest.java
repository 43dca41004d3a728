package dev.fewbit.sandbox.outcome;

import static dev.fewbit.contracts.execution.Verdict.ASSERTION_FAILED;
import static dev.fewbit.contracts.execution.Verdict.COMPILE_FAILED;
import static dev.fewbit.contracts.execution.Verdict.INFRASTRUCTURE_FAULT;
import static dev.fewbit.contracts.execution.Verdict.MEMORY_EXCEEDED;
import static dev.fewbit.contracts.execution.Verdict.OUTPUT_EXCEEDED;
import static dev.fewbit.contracts.execution.Verdict.PASSED;
import static dev.fewbit.contracts.execution.Verdict.RAISED;
import static dev.fewbit.contracts.execution.Verdict.TIMED_OUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.contracts.execution.ExecutionLimits;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.execution.Verdict;
import dev.fewbit.sandbox.isolation.CapturedOutput;
import dev.fewbit.sandbox.isolation.JailReport;
import dev.fewbit.sandbox.isolation.Stop;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class VerdictRulesTest {
    private static final ExecutionLimits LIMITS = ExecutionLimits.of(ProgramLanguage.PYTHON);
    private static final long NEAR_LIMIT = 200L << 20;

    private static JailReport jail(
            Integer exit, Integer signal, Stop stop, boolean memoryHit, Duration cpu, long peak) {
        return new JailReport(
                exit, signal, stop, memoryHit, cpu, cpu, peak, 0, CapturedOutput.EMPTY, CapturedOutput.EMPTY, "");
    }

    private static JailReport ended(int status) {
        return jail(status, null, Stop.NONE, false, Duration.ofMillis(20), 10 << 20);
    }

    private static Verdict verdict(JailReport jail, String word) {
        return VerdictRules.judge(jail, JudgeReport.of(word, "why"), LIMITS, NEAR_LIMIT)
                .verdict();
    }

    @Test
    void shouldFollowTheJudgeWhenNoLimitWasHit() {
        assertThat(verdict(ended(0), "passed")).isEqualTo(PASSED);
        assertThat(verdict(ended(0), "assertion-failed")).isEqualTo(ASSERTION_FAILED);
        assertThat(verdict(ended(0), "raised")).isEqualTo(RAISED);
        assertThat(verdict(ended(0), "compile-failed")).isEqualTo(COMPILE_FAILED);
        assertThat(verdict(ended(0), "fault")).isEqualTo(INFRASTRUCTURE_FAULT);
    }

    @Test
    void shouldNotPassWhenTheJudgeSaidNothingWhateverTheStatus() {
        assertThat(VerdictRules.judge(ended(0), JudgeReport.missing(), LIMITS, NEAR_LIMIT)
                        .verdict())
                .isEqualTo(RAISED);
        assertThat(verdict(ended(1), "passed")).isEqualTo(RAISED);
        assertThat(verdict(jail(null, 9, Stop.NONE, false, Duration.ZERO, 0), "passed"))
                .isEqualTo(RAISED);
    }

    @Test
    void shouldTakeMemoryFromALimitNeverFromAStatusOrAWord() {
        assertThat(verdict(ended(137), "raised")).isEqualTo(RAISED);
        assertThat(verdict(ended(0), "memory")).isEqualTo(RAISED);
        assertThat(verdict(jail(0, null, Stop.NONE, false, Duration.ZERO, NEAR_LIMIT), "memory"))
                .isEqualTo(MEMORY_EXCEEDED);
        assertThat(verdict(jail(0, null, Stop.NONE, true, Duration.ZERO, 0), "raised"))
                .isEqualTo(MEMORY_EXCEEDED);
        assertThat(verdict(jail(null, 9, Stop.MEMORY, true, Duration.ZERO, 0), "raised"))
                .isEqualTo(MEMORY_EXCEEDED);
    }

    @Test
    void shouldPutOutputBeforeTimeAndTimeBeforeMemoryWhenSeveralLimitsWereHit() {
        Duration all = LIMITS.cpuTime();
        assertThat(verdict(jail(null, null, Stop.OUTPUT, true, all, 0), "passed"))
                .isEqualTo(OUTPUT_EXCEEDED);
        assertThat(verdict(jail(null, 9, Stop.CPU_TIME, true, all, 0), "raised"))
                .isEqualTo(TIMED_OUT);
        assertThat(verdict(jail(0, null, Stop.NONE, false, all, 0), "passed")).isEqualTo(TIMED_OUT);
        assertThat(verdict(jail(null, 24, Stop.NONE, false, Duration.ZERO, 0), "raised"))
                .isEqualTo(TIMED_OUT);
    }

    @Test
    void shouldSayWhetherTheClockOrTheCpuEndedItWhenItTimedOut() {
        assertThat(VerdictRules.judge(
                        jail(null, 9, Stop.WALL_TIME, false, Duration.ZERO, 0),
                        JudgeReport.missing(),
                        LIMITS,
                        NEAR_LIMIT))
                .isEqualTo(new ExecutionOutcome.TimedOut("it was still running after 8 s", true));
        assertThat(VerdictRules.judge(
                        jail(null, 9, Stop.CPU_TIME, false, Duration.ZERO, 0),
                        JudgeReport.missing(),
                        LIMITS,
                        NEAR_LIMIT))
                .isEqualTo(new ExecutionOutcome.TimedOut("it used up its CPU time of 3 s", false));
    }
}
