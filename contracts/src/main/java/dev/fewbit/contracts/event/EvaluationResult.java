package dev.fewbit.contracts.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fewbit.contracts.evaluation.EvaluationSummary;
import java.util.UUID;

/**
 * An evaluation has ended.
 *
 * @param evaluationId of the request
 * @param studyId that asked
 * @param summary what came out, {@code null} when it failed
 * @param failure one line for a person, {@code null} when it succeeded
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EvaluationResult(
        @JsonProperty(value = "schemaVersion", required = true)
        int schemaVersion,

        @JsonProperty(value = "eventId", required = true) UUID eventId,
        @JsonProperty(value = "team", required = true) String team,

        @JsonProperty(value = "evaluationId", required = true)
        UUID evaluationId,

        @JsonProperty(value = "studyId", required = true) UUID studyId,
        @JsonProperty("summary") EvaluationSummary summary,
        @JsonProperty("failure") String failure)
        implements Event {}
