package dev.fewbit.contracts.study;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fewbit.contracts.evaluation.GenerationCost;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.recipe.Method;

/**
 * A finished cell: pass@1 beside memory. The names are a contract with other tools.
 *
 * @param storedBytes on disk
 * @param residentBytes as held when loaded
 * @param idealBytes at nominal widths
 * @param quantizeSeconds when the artifact was made
 * @param evaluateSeconds of work when the samples were made
 * @param reused artifact, samples and verdicts all existed before this study
 * @param cost energy and memory of generating its samples; null where they are older than its measurement
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ReportCell(
        @JsonProperty(value = "model", required = true) String model,
        @JsonProperty(value = "bits", required = true) int bits,
        @JsonProperty(value = "method", required = true) Method method,
        @JsonProperty("calibration") String calibration,
        @JsonProperty(value = "language", required = true) ProgramLanguage language,
        @JsonProperty(value = "benchmark", required = true) String benchmark,
        @JsonProperty(value = "problems", required = true) int problems,

        @JsonProperty(value = "samplesPerProblem", required = true)
        int samplesPerProblem,

        @JsonProperty(value = "passAt1", required = true) double passAt1,
        @JsonProperty(value = "passAt1Low", required = true) double passAt1Low,

        @JsonProperty(value = "passAt1High", required = true)
        double passAt1High,

        @JsonProperty(value = "storedBytes", required = true)
        long storedBytes,

        @JsonProperty(value = "residentBytes", required = true)
        long residentBytes,

        @JsonProperty(value = "idealBytes", required = true) long idealBytes,

        @JsonProperty(value = "quantizeSeconds", required = true)
        double quantizeSeconds,

        @JsonProperty(value = "evaluateSeconds", required = true)
        double evaluateSeconds,

        @JsonProperty(value = "reused", required = true) boolean reused,
        @JsonProperty("cost") GenerationCost cost) {}
