package dev.fewbit.gateway.report;

import static dev.fewbit.contracts.execution.ProgramLanguage.JAVA;
import static dev.fewbit.contracts.execution.ProgramLanguage.PYTHON;
import static dev.fewbit.gateway.report.Cells.cell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.contracts.study.ReportCell;
import dev.fewbit.contracts.study.StudyReport;
import dev.fewbit.contracts.study.StudyState;
import dev.fewbit.gateway.testing.EvaluatorStub;
import dev.fewbit.gateway.testing.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(EvaluatorStub.class)
class ReportPageIT {
    private static final String MODEL = "fewbit-reference";

    @Inject
    ReportPage page;

    @Test
    void shouldShowEveryNumberOfTheTable() throws IOException {
        // Given
        List<ReportCell> cells = List.of(
                cell(MODEL, JAVA, 16, 0.792, 0.052, 17_430_528),
                cell(MODEL, JAVA, 8, 0.790, 0.052, 9_584_640),
                cell(MODEL, JAVA, 4, 0.761, 0.056, 5_324_800),
                cell(MODEL, JAVA, 3, 0.603, 0.066, 4_259_840),
                cell(MODEL, JAVA, 2, 0.027, 0.020, 3_194_880),
                cell(MODEL, PYTHON, 16, 0.836, 0.047, 17_430_528),
                cell(MODEL, PYTHON, 8, 0.838, 0.047, 9_584_640),
                cell(MODEL, PYTHON, 4, 0.813, 0.051, 5_324_800),
                cell(MODEL, PYTHON, 3, 0.682, 0.063, 4_259_840),
                cell(MODEL, PYTHON, 2, 0.040, 0.024, 3_194_880));

        // When
        String html = page.of(report("Quickstart, the reference model at five widths", cells, List.of()));

        // Then
        assertThat(html)
                .contains(
                        "title=\"17430528 bytes\">16.62 MiB",
                        "69.5 %",
                        "0.761",
                        "0.705 to 0.817",
                        "150 × 3",
                        "2 min 31 s")
                .contains("java, 2 bits (rtn): pass@1 0.027 (0.007 to 0.047), 3.05 MiB stored")
                .doesNotContain("cells failed");
        // Kept beside the test's results, to be looked at.
        Files.writeString(Path.of("target", "report.html"), html);
    }

    @Test
    void shouldEscapeWhatOthersWrote() {
        // Given
        String hostile = "<script>alert(1)</script> & \"quoted\" {inject:x}";
        List<ReportCell> cells = List.of(cell(hostile, JAVA, 16, 0.8, 0.05, 1000));

        // When
        String html = page.of(report(hostile, cells, List.of(hostile)));

        // Then
        assertThat(html)
                .doesNotContain("<script")
                .contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quoted&quot; {inject:x}")
                .contains("1 of 2 cells failed");
    }

    private static StudyReport report(String name, List<ReportCell> cells, List<String> failures) {
        Map<String, Object> provenance = new LinkedHashMap<>();
        provenance.put("fewbit", "0.1.0");
        provenance.put("studyId", "0b8e2b1e-8f0f-4b57-a7cd-5a2b9e3d8f10");
        provenance.put("team", "default");
        provenance.put("specificationDigest", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
        provenance.put("state", StudyState.COMPLETED);
        provenance.put("cells", cells.size() + failures.size());
        provenance.put("cellsDone", cells.size());
        provenance.put("cellsFailed", failures.size());
        provenance.put("createdAt", Instant.parse("2026-11-25T10:00:00Z"));
        provenance.put("finishedAt", Instant.parse("2026-11-25T10:05:12Z"));
        provenance.put("reportedAt", Instant.parse("2026-11-25T10:05:13Z"));
        provenance.put("residentAs", "ONNX Runtime 1.29.0, cpu, exact");
        provenance.put("failures", failures);
        return new StudyReport(name, ReportSentence.of(cells, cells.size() + failures.size()), cells, provenance);
    }
}
