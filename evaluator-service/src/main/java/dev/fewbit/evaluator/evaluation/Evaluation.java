package dev.fewbit.evaluator.evaluation;

import dev.fewbit.contracts.event.EvaluationRequest;
import java.time.Instant;
import java.util.UUID;

/**
 * An evaluation as it stands.
 *
 * @param request as it came
 * @param requestedAt when its row was written
 * @param benchmarkDigest {@code null} until it is prepared, as are the next four
 * @param failure one line, {@code null} unless it failed
 */
public record Evaluation(
        EvaluationRequest request,
        EvaluationState state,
        Instant requestedAt,
        Instant finishedAt,
        Long generationId,
        String benchmarkDigest,
        Integer problems,
        String toolchain,
        Integer judgeVersion,
        String failure) {

    public UUID id() {
        return request.evaluationId();
    }

    /** Samples it will have. */
    public long totalSamples() {
        return problems == null ? 0 : (long) problems * request.samples();
    }
}
