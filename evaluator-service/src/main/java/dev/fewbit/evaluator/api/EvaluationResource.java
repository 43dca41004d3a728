package dev.fewbit.evaluator.api;

import dev.fewbit.contracts.evaluation.SampleView;
import dev.fewbit.evaluator.evaluation.Evaluation;
import dev.fewbit.evaluator.evaluation.Evaluations;
import dev.fewbit.evaluator.event.EventCodec;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** {@code /api/v1/evaluations}: what the gateway shows of an evaluation. The caller's team comes in a header. */
@Path("/api/v1/evaluations/{id}")
@Blocking
public class EvaluationResource {
    static final String TEAM_HEADER = "Fewbit-Team";
    static final String JSON_LINES = "application/jsonl";

    private final Evaluations evaluations;
    private final SampleLines samples;
    private final EventCodec codec;

    EvaluationResource(Evaluations evaluations, SampleLines samples, EventCodec codec) {
        this.evaluations = evaluations;
        this.samples = samples;
        this.codec = codec;
    }

    /** Where the evaluation stands. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public EvaluationView evaluation(@HeaderParam(TEAM_HEADER) String team, @PathParam("id") String id) {
        return EvaluationView.of(find(id, team));
    }

    /** Its samples so far, a line each, by problem and index. */
    @GET
    @Path("samples")
    @Produces(JSON_LINES)
    public StreamingOutput samples(@HeaderParam(TEAM_HEADER) String team, @PathParam("id") String id) {
        UUID evaluation = find(id, team).id();
        return out -> write(evaluation, out);
    }

    private Evaluation find(String id, String team) {
        if (team == null || team.isBlank()) {
            throw new BadRequestException("header " + TEAM_HEADER + " is missing; it names the caller's team");
        }
        UUID uuid;
        try {
            uuid = UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw new NotFoundException("there is no evaluation " + id, e);
        }
        return evaluations.get(uuid, team).orElseThrow(() -> new NotFoundException("there is no evaluation " + id));
    }

    private void write(UUID evaluation, OutputStream out) throws IOException {
        List<SampleView> page = samples.after(evaluation, "", -1);
        while (!page.isEmpty()) {
            for (SampleView sample : page) {
                out.write((codec.write(sample) + "\n").getBytes(StandardCharsets.UTF_8));
            }
            SampleView last = page.getLast();
            page = page.size() < SampleLines.PAGE ? List.of() : samples.after(evaluation, last.problem(), last.index());
        }
    }
}
