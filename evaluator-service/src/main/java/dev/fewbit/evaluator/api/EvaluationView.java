package dev.fewbit.evaluator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fewbit.evaluator.evaluation.Evaluation;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/**
 * An evaluation as the API shows it.
 *
 * @param state {@code requested}, {@code running}, {@code completed}, {@code failed} or {@code cancelled}
 * @param artifactId the artifact's, or what its study states of a served model
 * @param problems {@code null} until the benchmark is read
 * @param failure one line, {@code null} unless it failed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EvaluationView(
        UUID id,
        String team,
        UUID studyId,
        String artifactId,
        String benchmark,
        String state,
        Integer problems,
        int samplesPerProblem,
        Instant requestedAt,
        Instant finishedAt,
        String failure) {

    static EvaluationView of(Evaluation evaluation) {
        return new EvaluationView(
                evaluation.id(),
                evaluation.request().team(),
                evaluation.request().studyId(),
                evaluation.request().subject(),
                evaluation.request().benchmark().name(),
                evaluation.state().name().toLowerCase(Locale.ROOT),
                evaluation.problems(),
                evaluation.request().samples(),
                evaluation.requestedAt(),
                evaluation.finishedAt(),
                evaluation.failure());
    }
}
