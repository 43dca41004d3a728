package dev.fewbit.contracts.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fewbit.contracts.execution.Verdict;
import java.util.Map;

/**
 * What an evaluation found.
 *
 * @param problems judged
 * @param samplesPerProblem n
 * @param passAt1 mean over problems of c / n
 * @param passAt1Low lower end of its 95 % interval over problems
 * @param passAt1High upper end
 * @param verdicts how many samples got each
 * @param evaluateSeconds work it took when its samples were made: generation plus executions, each distinct program once, as
 *     if one after another
 * @param tokens generated
 * @param executions distinct programs executed
 * @param reused every sample and verdict existed before this evaluation
 * @param cost energy and memory of generating; null in summaries older than it
 * @param provenance what decided the numbers: benchmark digest, engine, device, toolchain, isolation, ...
 */
public record EvaluationSummary(
        @JsonProperty(value = "problems", required = true) int problems,

        @JsonProperty(value = "samplesPerProblem", required = true)
        int samplesPerProblem,

        @JsonProperty(value = "passAt1", required = true) double passAt1,
        @JsonProperty(value = "passAt1Low", required = true) double passAt1Low,

        @JsonProperty(value = "passAt1High", required = true)
        double passAt1High,

        @JsonProperty(value = "verdicts", required = true) Map<Verdict, Integer> verdicts,

        @JsonProperty(value = "evaluateSeconds", required = true)
        double evaluateSeconds,

        @JsonProperty(value = "tokens", required = true) long tokens,
        @JsonProperty(value = "executions", required = true) long executions,
        @JsonProperty(value = "reused", required = true) boolean reused,
        @JsonProperty("cost") GenerationCost cost,
        @JsonProperty(value = "provenance", required = true) Map<String, String> provenance) {}
