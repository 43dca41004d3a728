package dev.fewbit.contracts.study;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.execution.Verdict;

/**
 * A line of {@code samples.jsonl}. The names are a contract with other tools.
 *
 * @param method the recipe's, or of a served model what reports call it
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record SampleLine(
        @JsonProperty(value = "model", required = true) String model,
        @JsonProperty(value = "language", required = true) ProgramLanguage language,
        @JsonProperty(value = "bits", required = true) int bits,
        @JsonProperty(value = "method", required = true) String method,
        @JsonProperty("calibration") String calibration,
        @JsonProperty(value = "problem", required = true) String problem,
        @JsonProperty(value = "index", required = true) int index,
        @JsonProperty(value = "program", required = true) String program,
        @JsonProperty("verdict") Verdict verdict) {}
