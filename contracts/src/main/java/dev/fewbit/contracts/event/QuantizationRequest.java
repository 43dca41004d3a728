package dev.fewbit.contracts.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fewbit.contracts.recipe.Recipe;
import java.util.UUID;

/**
 * Make the artifact of a recipe.
 *
 * @param jobId the same for repeats of one request
 * @param studyId that asked
 * @param checkpoint directory of the checkpoint
 * @param recipe to apply
 */
public record QuantizationRequest(
        @JsonProperty(value = "schemaVersion", required = true)
        int schemaVersion,

        @JsonProperty(value = "eventId", required = true) UUID eventId,
        @JsonProperty(value = "team", required = true) String team,
        @JsonProperty(value = "jobId", required = true) UUID jobId,
        @JsonProperty(value = "studyId", required = true) UUID studyId,
        @JsonProperty(value = "checkpoint", required = true) String checkpoint,
        @JsonProperty(value = "recipe", required = true) Recipe recipe)
        implements Event {}
