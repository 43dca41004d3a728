package dev.fewbit.contracts.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A known benchmark as the evaluator finds it ({@code GET /api/v1/benchmarks/{name}}).
 *
 * @param name of it
 * @param available its file was found and every record of it can be used
 * @param problems in the file; 0 when it is not available
 * @param reason one line, why it is not available; {@code null} when it is
 */
public record BenchmarkView(
        @JsonProperty(value = "name", required = true) String name,
        @JsonProperty(value = "available", required = true) boolean available,
        @JsonProperty(value = "problems", required = true) int problems,
        @JsonProperty("reason") String reason) {}
