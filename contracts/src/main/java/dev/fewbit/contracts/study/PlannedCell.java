package dev.fewbit.contracts.study;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fewbit.contracts.execution.ProgramLanguage;

/**
 * A cell of a study's grid, before it runs.
 *
 * @param method the recipe's, or of a served model what reports call it
 * @param problems asked for, {@code null} when all of a file that the gateway has not read
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record PlannedCell(
        @JsonProperty(value = "model", required = true) String model,
        @JsonProperty(value = "bits", required = true) int bits,
        @JsonProperty(value = "method", required = true) String method,
        @JsonProperty("calibration") String calibration,
        @JsonProperty(value = "language", required = true) ProgramLanguage language,
        @JsonProperty(value = "benchmark", required = true) String benchmark,
        @JsonProperty("problems") Integer problems,

        @JsonProperty(value = "samplesPerProblem", required = true)
        int samplesPerProblem) {}
