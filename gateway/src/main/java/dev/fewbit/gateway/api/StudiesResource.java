package dev.fewbit.gateway.api;

import dev.fewbit.contracts.study.StudyPlan;
import dev.fewbit.contracts.study.StudySpec;
import dev.fewbit.contracts.study.StudyView;
import dev.fewbit.gateway.orchestration.Orchestrator;
import dev.fewbit.gateway.progress.StudyViews;
import dev.fewbit.gateway.samples.BenchmarkCheck;
import dev.fewbit.gateway.study.StudyGrid;
import dev.fewbit.gateway.study.StudyService;
import dev.fewbit.gateway.study.StudySnapshot;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;

/** Studies: create, look at, cancel. */
@Path("/api/v1/studies")
@Tag(name = "studies", description = "Grids of models, recipes and benchmarks.")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class StudiesResource {
    private final StudyService studies;
    private final StudyViews views;
    private final Orchestrator orchestrator;
    private final StudyReader reader;
    private final BenchmarkCheck benchmarks;
    private final Team team;

    StudiesResource(
            StudyService studies,
            StudyViews views,
            Orchestrator orchestrator,
            StudyReader reader,
            BenchmarkCheck benchmarks,
            Team team) {
        this.studies = studies;
        this.views = views;
        this.orchestrator = orchestrator;
        this.reader = reader;
        this.benchmarks = benchmarks;
        this.team = team;
    }

    @POST
    @Consumes({"application/yaml", "application/x-yaml", "text/yaml", MediaType.APPLICATION_JSON})
    @Operation(summary = "Start a study, or with dryRun plan it: nothing is written then")
    @RequestBody(
            description = "The study file, in YAML or JSON.",
            content = {
                @Content(mediaType = "application/yaml", schema = @Schema(implementation = StudySpec.class)),
                @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = StudySpec.class))
            })
    @APIResponse(
            responseCode = "200",
            description = "The plan (dryRun)",
            content = @Content(schema = @Schema(implementation = StudyPlan.class)))
    @APIResponse(
            responseCode = "201",
            description = "The study, started; Location is its address",
            content = @Content(schema = @Schema(implementation = StudyView.class)))
    @APIResponse(
            responseCode = "400",
            description = "Not a study: the detail names line, column and key",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "413",
            description = "The file is too large",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "422",
            description = "A study, but one whose grid cannot be run, or that names a benchmark which is not here",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "502",
            description = "The evaluator does not say whether it has the benchmarks",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Response create(
            InputStream body,
            @Parameter(description = "Only say which cells there would be.")
                    @QueryParam("dryRun")
                    @DefaultValue("false")
                    boolean dryRun,
            UriInfo uri)
            throws IOException {
        StudyGrid grid = studies.grid(reader.read(body));
        benchmarks.require(grid.spec().benchmarks());
        if (dryRun) {
            return Response.ok(grid.plan()).build();
        }
        StudySnapshot study = orchestrator.start(team.name(), grid);
        UUID id = study.head().id();
        return Response.created(uri.getAbsolutePathBuilder().path(id.toString()).build())
                .entity(views.of(team.name(), id))
                .build();
    }

    @GET
    @Operation(summary = "The team's studies, newest first")
    public List<StudyView> list() {
        return views.newest(team.name());
    }

    @GET
    @Path("{id}")
    @Operation(summary = "A study with its progress")
    @APIResponse(
            responseCode = "200",
            description = "The study",
            content = @Content(schema = @Schema(implementation = StudyView.class)))
    @APIResponse(
            responseCode = "404",
            description = "The team has no such study",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public StudyView get(@RestPath UUID id) {
        return views.of(team.name(), id);
    }

    @DELETE
    @Path("{id}")
    @Operation(summary = "Cancel a study: what runs stops, what is done stays")
    @APIResponse(
            responseCode = "202",
            description = "Cancelled; the services are being told",
            content = @Content(schema = @Schema(implementation = StudyView.class)))
    @APIResponse(
            responseCode = "404",
            description = "The team has no such study",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "409",
            description = "The study has ended",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Response cancel(@RestPath UUID id) {
        orchestrator.cancel(team.name(), id);
        return Response.accepted(views.of(team.name(), id)).build();
    }
}
