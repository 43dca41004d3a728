package dev.fewbit.gateway.api;

import dev.fewbit.contracts.study.SampleLine;
import dev.fewbit.contracts.study.StudyReport;
import dev.fewbit.gateway.report.ReportPage;
import dev.fewbit.gateway.report.ReportService;
import dev.fewbit.gateway.samples.SampleService;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.Variant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;

/** What a study found: its report and its samples. */
@Path("/api/v1/studies/{id}")
@Tag(name = "results", description = "What a study found.")
@Blocking
public class StudyResultsResource {
    private static final String JSON_LINES = "application/jsonl";
    private static final List<Variant> REPORTS = Variant.mediaTypes(
                    MediaType.APPLICATION_JSON_TYPE, MediaType.TEXT_HTML_TYPE.withCharset("utf-8"))
            .build();

    private final ReportService reports;
    private final ReportPage page;
    private final SampleService samples;
    private final Team team;

    StudyResultsResource(ReportService reports, ReportPage page, SampleService samples, Team team) {
        this.reports = reports;
        this.page = page;
        this.samples = samples;
        this.team = team;
    }

    @GET
    @Path("report")
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_HTML})
    @Operation(
            summary = "The report: pass@1 beside memory, as JSON or as one HTML file",
            description =
                    "Of the cells that are done; provenance.state and provenance.cellsDone say whether that is all.")
    @APIResponse(
            responseCode = "200",
            description = "The report",
            content = {
                @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = StudyReport.class)),
                @Content(mediaType = MediaType.TEXT_HTML)
            })
    @APIResponse(
            responseCode = "409",
            description = "No cell is done",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Response report(@RestPath UUID id, Request request) {
        Variant variant = request.selectVariant(REPORTS);
        if (variant == null) {
            throw new NotAcceptableException();
        }
        StudyReport report = reports.of(team.name(), id);
        return MediaType.TEXT_HTML_TYPE.isCompatible(variant.getMediaType())
                ? Response.ok(page.of(report), variant.getMediaType())
                        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
                        .build()
                : Response.ok(report, MediaType.APPLICATION_JSON_TYPE)
                        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
                        .build();
    }

    @GET
    @Path("samples")
    @Produces(JSON_LINES)
    @Operation(
            summary = "Every sample of the finished cells, a line each",
            description = "If the evaluator breaks off, so does this answer: its last chunk is then missing.")
    @APIResponse(
            responseCode = "200",
            description = "The samples",
            content = @Content(mediaType = JSON_LINES, schema = @Schema(implementation = SampleLine.class)))
    @APIResponse(
            responseCode = "409",
            description = "No cell is done",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "502",
            description = "The evaluator does not answer",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public StreamingOutput samples(@RestPath UUID id) {
        SampleService.Lines lines = samples.open(team.name(), id);
        return lines::writeTo;
    }
}
