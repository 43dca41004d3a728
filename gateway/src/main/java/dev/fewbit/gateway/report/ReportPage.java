package dev.fewbit.gateway.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.fewbit.contracts.study.StudyReport;
import io.quarkus.qute.Location;
import io.quarkus.qute.Template;
import jakarta.enterprise.context.ApplicationScoped;

/** The report as one HTML file: no script, nothing loaded from elsewhere, every text escaped. */
@ApplicationScoped
public class ReportPage {
    private final Template template;
    private final ObjectWriter writer;

    ReportPage(@Location("report.html") Template template, ObjectMapper mapper) {
        this.template = template;
        this.writer = mapper.writerWithDefaultPrettyPrinter();
    }

    /** The page's text. */
    public String of(StudyReport report) {
        try {
            return template.data("view", ReportView.of(report))
                    .data("provenance", report.provenance())
                    .data("provenanceJson", writer.writeValueAsString(report.provenance()))
                    .render();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report's provenance is plain JSON", e);
        }
    }
}
