package dev.fewbit.launcher.replay;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fewbit.contracts.execution.Verdict;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Verdicts of samples, counted. A fault of the sandbox is counted as itself and is no sample of the model's. */
final class ProblemCounts {
    private final Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);

    void add(Verdict verdict) {
        counts.merge(verdict, 1, Integer::sum);
    }

    /** Samples that have a verdict. */
    @JsonProperty("n")
    int judged() {
        return counts.values().stream().mapToInt(Integer::intValue).sum() - faults();
    }

    /** Those of them that passed. */
    @JsonProperty("c")
    int passed() {
        return counts.getOrDefault(Verdict.PASSED, 0);
    }

    /** By the verdict's name; those that occurred. */
    @JsonProperty("verdicts")
    Map<String, Integer> verdicts() {
        Map<String, Integer> named = new LinkedHashMap<>();
        counts.forEach((verdict, count) -> named.put(verdict.label(), count));
        return named;
    }

    int faults() {
        return counts.getOrDefault(Verdict.INFRASTRUCTURE_FAULT, 0);
    }
}
