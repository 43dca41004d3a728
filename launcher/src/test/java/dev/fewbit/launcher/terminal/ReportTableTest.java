package dev.fewbit.launcher.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.study.ReportCell;
import dev.fewbit.contracts.study.StudyReport;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTableTest {
    @Test
    void shouldPutPassAt1BesideSizesARowAnArtifact() {
        // Given
        StudyReport report = new StudyReport(
                "study",
                "4 bits keep what 16 bits know.",
                List.of(
                        cell(16, Method.NONE, ProgramLanguage.PYTHON, 0.8, 13_000_000, 0, 30),
                        cell(4, Method.RTN, ProgramLanguage.PYTHON, 0.75, 3_900_000, 1.5, 31.5),
                        cell(16, Method.NONE, ProgramLanguage.JAVA, 0.7, 13_000_000, 0, 40),
                        cell(4, Method.RTN, ProgramLanguage.JAVA, 0.6, 3_900_000, 1.5, 41)),
                Map.of());

        // When
        String text = ReportTable.render(report);

        // Then
        assertThat(text).isEqualTo("""
                4 bits keep what 16 bits know.

                bits  method    stored  vs 16 bits  resident     ideal         python pass@1           java pass@1  problems × samples  quantize  evaluate
                ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
                  16    none  12.4 MiB           –  24.8 MiB  12.4 MiB  0.800 [0.700, 0.900]  0.700 [0.600, 0.800]             150 × 3         –    70.0 s
                   4     rtn  3.72 MiB     −70.0 %  7.44 MiB  3.72 MiB  0.750 [0.650, 0.850]  0.600 [0.500, 0.700]             150 × 3    1.50 s    72.5 s

                pass@1 with its 95 % interval over problems; problems × samples hold for each language.
                stored: the files; resident: the weights as ONNX Runtime holds them on CPU in mode exact (8 bits and more as fp32, fewer as
                4 bits); ideal: codes, scales and zero points. Seconds are of the work when it was done, one thing after another.
                """);
        assertThat(ReportTable.allReused(report)).isFalse();
    }

    private static ReportCell cell(
            int bits,
            Method method,
            ProgramLanguage language,
            double pass,
            long bytes,
            double quantize,
            double evaluate) {
        return new ReportCell(
                "tiny",
                bits,
                method,
                null,
                language,
                "small",
                150,
                3,
                pass,
                pass - 0.1,
                pass + 0.1,
                bytes,
                2 * bytes,
                bytes,
                quantize,
                evaluate,
                false,
                null);
    }
}
