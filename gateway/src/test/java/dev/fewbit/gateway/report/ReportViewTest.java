package dev.fewbit.gateway.report;

import static dev.fewbit.contracts.execution.ProgramLanguage.JAVA;
import static dev.fewbit.contracts.execution.ProgramLanguage.PYTHON;
import static dev.fewbit.gateway.report.Cells.cell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.fewbit.contracts.evaluation.GenerationCost;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.study.ReportCell;
import dev.fewbit.contracts.study.StudyReport;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportViewTest {
    private static final long MIB = 1 << 20;

    private final ReportView view = ReportView.of(new StudyReport(
            "a study",
            "A sentence.",
            List.of(
                    cell(JAVA, 16, 0.80, 0.05, 10 * MIB),
                    cell(JAVA, 4, 0.75, 0.05, 3 * MIB),
                    cell(PYTHON, 16, 0.70, 0.05, 10 * MIB)),
            Map.of()));

    @Test
    void shouldPutTheBenchmarksOfAnArtifactInOneRow() {
        assertThat(view.columns()).containsExactly("java", "python");
        assertThat(view.rows())
                .extracting(
                        ReportView.Row::bits,
                        ReportView.Row::stored,
                        ReportView.Row::reduction,
                        ReportView.Row::evaluate)
                .containsExactly(
                        tuple(16, "10.00 MiB", "–", "2 min 31 s"), tuple(4, "3.00 MiB", "70.0 %", "1 min 15 s"));
        assertThat(view.rows().get(1).scores().getFirst().interval()).isEqualTo("0.700 to 0.800");
        assertThat(view.rows().get(1).scores().get(1)).isNull();
    }

    @Test
    void shouldSayWhatWasNotMeasuredWhenACellHasACost() {
        // Given: 1,800 J over 600 tokens at 400 g a kWh: 3,000 J a 1,000 tokens, 1,800 / 3.6e6 * 400 = 0.2 g
        GenerationCost cost =
                GenerationCost.of(1800.0, null, 600, 400.0, "grid.example, 2026", 3 * MIB, null, "GPU: NVML");
        StudyReport report = new StudyReport(
                "a study", "A sentence.", List.of(Cells.costing(cell(JAVA, 4, 0.75, 0.05, 3 * MIB), cost)), Map.of());

        // When
        ReportView costly = ReportView.of(report);

        // Then
        assertThat(costly.costs())
                .containsExactly(new CostRow(
                        "tiny",
                        4,
                        "rtn",
                        "java",
                        "1,800",
                        "not measured",
                        "3,000",
                        "0.20",
                        "3.00 MiB",
                        "not measured"));
        assertThat(costly.costNote()).isEqualTo("GPU: NVML. Grid: 400 g CO2e a kWh (grid.example, 2026).");
        assertThat(view.costs()).isEmpty();
    }

    @Test
    void shouldSayWhatIsStatedAndWhatIsNotKnownWhenAModelIsServed() {
        // Given: 3 of 10 MiB, by the study's word; a served model of 16 bits is no baseline
        ReportView served = ReportView.of(new StudyReport(
                "a study",
                "A sentence.",
                List.of(
                        cell(JAVA, 16, 0.80, 0.05, 10 * MIB),
                        Cells.served(cell(JAVA, 16, 0.80, 0.05, 20 * MIB), "openai: m-f32"),
                        Cells.served(cell(JAVA, 4, 0.75, 0.05, 3 * MIB), "openai: GGUF Q4_0")),
                Map.of()));

        // Then
        assertThat(served.rows())
                .extracting(
                        ReportView.Row::method,
                        ReportView.Row::stored,
                        ReportView.Row::reduction,
                        ReportView.Row::resident,
                        ReportView.Row::ideal,
                        ReportView.Row::quantize)
                .containsExactly(
                        tuple("none", "10.00 MiB", "–", "20.00 MiB", "5.00 MiB", "0.8 s"),
                        tuple("openai: m-f32", "20.00 MiB (stated)", "-100.0 %", "not known", "not known", "–"),
                        tuple("openai: GGUF Q4_0", "3.00 MiB (stated)", "70.0 %", "not known", "not known", "–"));
        assertThat(served.hasStated()).isTrue();
        assertThat(view.hasStated()).isFalse();
        assertThat(served.plots()
                        .getFirst()
                        .series()
                        .getFirst()
                        .points()
                        .getFirst()
                        .title())
                .isEqualTo("java, 4 bits (openai: GGUF Q4_0): pass@1 0.750 (0.700 to 0.800), 3.00 MiB (stated) stored");
    }

    @Test
    void shouldPlaceMarksInProportionToSizeAndScore() {
        // Given
        PassAtOnePlot plot = view.plots().getFirst();

        // Then: 10 MiB in steps of 2 makes an axis of 12; java stands 4.5 left of its size; 0.8 is a fifth below the
        // top.
        assertThat(plot.xTicks())
                .extracting(PassAtOnePlot.Tick::label)
                .containsExactly("0", "2", "4", "6", "8", "10", "12");
        PassAtOnePlot.Point java16 = plot.series().getFirst().points().get(1);
        assertThat(java16.bits()).isEqualTo("16");
        assertThat(java16.x()).isEqualTo("587.5");
        assertThat(java16.y()).isEqualTo("84.4");
        assertThat(java16.low()).isEqualTo("97.0");
        assertThat(java16.high()).isEqualTo("71.8");
        assertThat(java16.title()).isEqualTo("java, 16 bits (none): pass@1 0.800 (0.750 to 0.850), 10.00 MiB stored");
    }

    @Test
    void shouldDrawALineAMethodWhenTwoShareAWidth() {
        // Given: 3 bits twice, of one size
        ReportCell baseline = Cells.cell(ProgramLanguage.JAVA, 16, 0.8, 0.05, 10 << 20);
        ReportCell rounded = Cells.cell(ProgramLanguage.JAVA, 3, 0.6, 0.05, 2 << 20);
        ReportCell calibrated = Cells.calibrated(rounded, Method.GPTQ_PLUS, "code", 0.7);

        // When
        PassAtOnePlot plot = PassAtOnePlot.of("tiny", Map.of("java", List.of(baseline, rounded, calibrated)));

        // Then
        assertThat(plot.methods())
                .containsExactly(
                        new PassAtOnePlot.MethodKey("rtn", 1), new PassAtOnePlot.MethodKey("gptq+ on code", 2));
        PassAtOnePlot.Series java = plot.series().getFirst();
        assertThat(java.points())
                .extracting(PassAtOnePlot.Point::bits, PassAtOnePlot.Point::style)
                .containsExactly(tuple("3", 1), tuple("", 2), tuple("16", 1));
        // The score axis is 252 high from 286 up; 2 of 12 MiB are 108 right of 52, 10 are 540.
        assertThat(java.lines())
                .containsExactly(
                        new PassAtOnePlot.Line("M160.0 134.8L592.0 84.4", 1),
                        new PassAtOnePlot.Line("M160.0 109.6L592.0 84.4", 2));
        assertThat(java.points().get(1).title())
                .isEqualTo("java, 3 bits (gptq+ on code): pass@1 0.700 (0.650 to 0.750), 2.00 MiB stored");
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "1023, 1023 B", "1024, 1.00 KiB", "17825792, 17.00 MiB", "5368709120, 5.00 GiB"})
    void shouldWriteBytesInBinaryUnits(long bytes, String text) {
        assertThat(ReportView.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0.04, 0.0 s", "59.9, 59.9 s", "60, 1 min 00 s", "3599.6, 60 min 00 s"})
    void shouldWriteSecondsAsPeopleSayThem(double seconds, String text) {
        assertThat(ReportView.seconds(seconds)).isEqualTo(text);
    }
}
