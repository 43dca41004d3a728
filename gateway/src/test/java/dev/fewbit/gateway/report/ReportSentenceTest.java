package dev.fewbit.gateway.report;

import static dev.fewbit.contracts.execution.ProgramLanguage.JAVA;
import static dev.fewbit.contracts.execution.ProgramLanguage.PYTHON;
import static dev.fewbit.gateway.report.Cells.cell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.contracts.study.ReportCell;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportSentenceTest {
    private static final List<ReportCell> BASELINE =
            List.of(cell(JAVA, 16, 0.80, 0.05, 1000), cell(PYTHON, 16, 0.70, 0.05, 1000));

    @Test
    void shouldNameTheNarrowestWidthInsideTheIntervalAndTheLossBelowIt() {
        // Given
        List<ReportCell> cells = with(
                cell(JAVA, 8, 0.81, 0.05, 560),
                cell(JAVA, 4, 0.785, 0.05, 300),
                cell(JAVA, 3, 0.60, 0.05, 240),
                cell(JAVA, 2, 0.01, 0.01, 180),
                cell(PYTHON, 8, 0.70, 0.05, 560),
                cell(PYTHON, 4, 0.679, 0.05, 300),
                cell(PYTHON, 3, 0.66, 0.05, 240),
                cell(PYTHON, 2, 0.02, 0.01, 180));

        // Then
        assertThat(ReportSentence.of(cells, 10))
                .isEqualTo(
                        "On tiny, down to 4 bits (rtn) pass@1 lies inside the 95 % interval of 16 bits in java and python, "
                                + "at most 2.1 points off, at 30 % of the stored size; at 3 bits it lies outside: 20.0 points lower "
                                + "in java; at 2 bits 79.0 points lower in java and 68.0 points lower in python.");
    }

    @Test
    void shouldSayThatTheWidestAlreadyLiesOutside() {
        assertThat(ReportSentence.of(with(cell(JAVA, 8, 0.60, 0.05, 560), cell(PYTHON, 8, 0.69, 0.05, 560)), 4))
                .isEqualTo(
                        "On tiny, already at 8 bits (rtn) pass@1 lies outside the 95 % interval of 16 bits: 20.0 points "
                                + "lower in java.");
    }

    @Test
    void shouldSayWhenANarrowWidthIsHigher() {
        assertThat(ReportSentence.of(with(cell(JAVA, 4, 0.95, 0.02, 300), cell(PYTHON, 4, 0.69, 0.05, 300)), 4))
                .contains("15.0 points higher in java");
    }

    @Test
    void shouldNotSpeakOfAWidthWhoseCellsAreNotAllThere() {
        // Given
        List<ReportCell> cells =
                with(cell(JAVA, 4, 0.79, 0.05, 300), cell(PYTHON, 4, 0.69, 0.05, 300), cell(JAVA, 2, 0.01, 0.01, 180));

        // Then
        assertThat(ReportSentence.of(cells, 6))
                .startsWith("With 5 of 6 cells done: on tiny, at 4 bits (rtn) pass@1 lies inside the 95 % interval")
                .doesNotContain("2 bits");
    }

    @Test
    void shouldSayNothingOfLossWithoutABaseline() {
        assertThat(ReportSentence.of(List.of(cell(JAVA, 4, 0.79, 0.05, 300)), 4))
                .isEqualTo(
                        "With 1 of 4 cells done: on tiny, no 16-bit cell is there to compare with, so nothing is said "
                                + "about loss.");
    }

    @Test
    void shouldOnlyStateTheBaselineWhenItStandsAlone() {
        assertThat(ReportSentence.of(BASELINE, 2))
                .isEqualTo(
                        "On tiny, 16 bits reach pass@1 of 0.800 in java and 0.700 in python, and there is no narrower "
                                + "width to compare with.");
    }

    @Test
    void shouldGiveEachModelItsClause() {
        // Given
        List<ReportCell> cells = List.of(
                cell("a", JAVA, 16, 0.80, 0.05, 1000),
                cell("a", JAVA, 4, 0.80, 0.05, 300),
                cell("b", JAVA, 16, 0.80, 0.05, 1000),
                cell("b", JAVA, 4, 0.20, 0.05, 300));

        // Then
        assertThat(ReportSentence.of(cells, 4))
                .startsWith(
                        "On a, at 4 bits (rtn) pass@1 lies inside the 95 % interval of 16 bits in java, at most 0.0 points off")
                .contains("; on b, already at 4 bits (rtn) pass@1 lies outside");
    }

    private static List<ReportCell> with(ReportCell... cells) {
        List<ReportCell> all = new ArrayList<>(BASELINE);
        all.addAll(List.of(cells));
        return all;
    }
}
