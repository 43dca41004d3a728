package dev.fewbit.quantizer.planning;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.fewbit.contracts.artifact.ArtifactSizes;
import dev.fewbit.contracts.recipe.Recipe;

/**
 * What a checkpoint takes with a recipe.
 *
 * @param checkpoint directory or Hub id
 * @param architecture such as {@code LlamaForCausalLM}
 * @param parameters a tied head's once
 * @param recipe that the artifact is made by
 * @param sizes of the artifact
 * @param quantizing memory and disk
 * @param serving memory
 * @param studyGigabytes the study's file of this checkpoint at this width, in 10^9 bytes; {@code null} where it has none
 */
@JsonPropertyOrder({
    "checkpoint",
    "architecture",
    "parameters",
    "recipe",
    "sizes",
    "quantizing",
    "serving",
    "studyGigabytes"
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CheckpointPlan(
        @JsonProperty("checkpoint") String checkpoint,
        @JsonProperty("architecture") String architecture,
        @JsonProperty("parameters") long parameters,
        @JsonProperty("recipe") Recipe recipe,
        @JsonProperty("sizes") ArtifactSizes sizes,
        @JsonProperty("quantizing") QuantizationNeeds quantizing,
        @JsonProperty("serving") ServingNeeds serving,
        @JsonProperty("studyGigabytes") Double studyGigabytes) {}
