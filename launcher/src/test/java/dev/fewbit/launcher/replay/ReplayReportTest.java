package dev.fewbit.launcher.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.fewbit.contracts.execution.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplayReportTest {

    private static ReplayReport report(Map<String, List<Verdict>> verdicts) {
        List<VerdictLine> lines = new ArrayList<>();
        verdicts.forEach((problem, list) -> {
            for (Verdict verdict : list) {
                lines.add(new VerdictLine(problem, lines.size(), verdict, verdict == Verdict.PASSED, "", 0, "id"));
            }
        });
        return new ReplayReport("humaneval", "d", "human-eval completions", "python", "CPython 3", 3, 164, 0, 5, lines);
    }

    @Test
    void shouldEstimatePassAtKForEveryKThatTheSamplesAllow() {
        // Given: 1 of 2 and 2 of 3
        ReplayReport report = report(Map.of(
                "A", List.of(Verdict.PASSED, Verdict.RAISED),
                "B", List.of(Verdict.PASSED, Verdict.PASSED, Verdict.TIMED_OUT)));

        // When, Then: pass@2 draws both of A, and from B at least one that passed
        assertThat(report.passAtEach()).containsExactly(entry(1, (1.0 / 2 + 2.0 / 3) / 2), entry(2, 1.0));
        assertThat(report.total()).isEqualTo(5);
        assertThat(report.verdicts()).containsExactly(entry("passed", 3), entry("raised", 1), entry("timed-out", 1));
    }

    @Test
    void shouldCountAFaultAsItselfAndNotAsASample() {
        // Given
        ReplayReport report = report(Map.of("A", List.of(Verdict.PASSED, Verdict.INFRASTRUCTURE_FAULT)));

        // When, Then
        assertThat(report.faults()).isEqualTo(1);
        assertThat(report.passAtEach()).containsExactly(entry(1, 1.0));
        assertThat(report.verdicts()).containsEntry("infrastructure-fault", 1);
    }

    @Test
    void shouldShowThatNonePassedWhenNoneDid() {
        assertThat(report(Map.of("A", List.of(Verdict.RAISED))).fields())
                .containsEntry("total", 1)
                .containsEntry("passAt1", 0.0)
                .containsEntry("verdicts", Map.of("raised", 1, "passed", 0));
    }
}
