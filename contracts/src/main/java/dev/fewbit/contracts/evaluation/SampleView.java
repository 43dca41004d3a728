package dev.fewbit.contracts.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fewbit.contracts.execution.Verdict;

/**
 * One completion with its verdict ({@code GET /api/v1/evaluations/{id}/samples} of the evaluator, a line each).
 *
 * @param problem name of the problem
 * @param index of the sample, 0 to n - 1
 * @param program prompt and completion, without the tests
 * @param verdict {@code null} until it is judged
 */
public record SampleView(
        @JsonProperty(value = "problem", required = true) String problem,
        @JsonProperty(value = "index", required = true) int index,
        @JsonProperty(value = "program", required = true) String program,
        @JsonProperty("verdict") Verdict verdict) {}
