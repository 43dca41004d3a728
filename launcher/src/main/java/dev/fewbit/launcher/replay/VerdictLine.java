package dev.fewbit.launcher.replay;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fewbit.contracts.execution.Verdict;

/**
 * A line of {@code --out}.
 *
 * @param problem of the benchmark
 * @param index of the sample among its problem's, from 0
 * @param verdict what became of it
 * @param passed whether the verdict is {@code passed}
 * @param message first line of why, empty when it passed
 * @param cpuSeconds of the program's tree
 * @param execution the verdict's identity; samples with the same one are the same program
 */
record VerdictLine(
        @JsonProperty("problem") String problem,
        @JsonProperty("index") int index,
        @JsonProperty("verdict") Verdict verdict,
        @JsonProperty("passed") boolean passed,
        @JsonProperty("message") String message,
        @JsonProperty("cpuSeconds") double cpuSeconds,
        @JsonProperty("execution") String execution) {}
