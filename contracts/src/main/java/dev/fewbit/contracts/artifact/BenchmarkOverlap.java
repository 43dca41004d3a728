package dev.fewbit.contracts.artifact;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * What calibration text has in common with a benchmark: ten-word sequences of its problems' prompts and solutions. Words are runs of
 * letters and digits in lower case.
 *
 * @param benchmark that was looked at
 * @param digest of what was looked at
 * @param problems in it
 * @param sharedProblems of them, those with a sequence that the calibration text has too
 * @param sharedDocuments documents of the calibration text with such a sequence
 * @param example of one: document, problem and the ten words; {@code null} when nothing is shared
 */
@JsonPropertyOrder({"benchmark", "digest", "problems", "sharedProblems", "sharedDocuments", "example"})
@JsonInclude(JsonInclude.Include.ALWAYS)
public record BenchmarkOverlap(
        @JsonProperty(value = "benchmark", required = true) String benchmark,
        @JsonProperty(value = "digest", required = true) String digest,
        @JsonProperty(value = "problems", required = true) int problems,

        @JsonProperty(value = "sharedProblems", required = true)
        int sharedProblems,

        @JsonProperty(value = "sharedDocuments", required = true)
        int sharedDocuments,

        @JsonProperty("example") String example) {}
