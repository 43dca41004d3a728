package dev.fewbit.benchmark.sample;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Forms of samples; a record's keys, or that it is a list, tell which it has. */
public enum SampleFormat {
    /** EvalPlus: {@code task_id, solution}, a whole program. */
    EVALPLUS("EvalPlus solutions", "task_id", "solution"),
    /** openai/human-eval: {@code task_id, completion}. */
    HUMAN_EVAL("human-eval completions", "task_id", "completion"),
    /** MultiPL-E: {@code name, prompt, tests, completions}, a problem a record. */
    MULTIPL_E("MultiPL-E completions", "name", "completions"),
    /** MultiPL-E after its evaluation: {@code name, results}, each with a {@code program} that ends in its tests. */
    MULTIPL_E_RESULTS("MultiPL-E results", "name", "results"),
    /** Fewbit's own: {@code problem, index, program}. */
    FEWBIT("Fewbit samples", "problem", "index", "program"),
    /** bigcode-evaluation-harness: a list a problem, in the benchmark's order, of whole programs. */
    BIGCODE("bigcode generations");

    private final String label;
    private final String[] keys;

    SampleFormat(String label, String... keys) {
        this.label = label;
        this.keys = keys;
    }

    /** The form of {@code record}; empty when it has none of the known ones. */
    static Optional<SampleFormat> of(JsonNode record) {
        if (record.isArray()) {
            return Optional.of(BIGCODE);
        }
        return Arrays.stream(values())
                .filter(format ->
                        format != BIGCODE && Arrays.stream(format.keys).allMatch(record::has))
                .findFirst();
    }

    /** The first key of this form that {@code record} has not; {@code null} when it has all. */
    String missing(JsonNode record) {
        return Arrays.stream(keys).filter(key -> !record.has(key)).findFirst().orElse(null);
    }

    /** What a message says when a record has none of the forms. */
    static String allowed() {
        return Arrays.stream(values())
                .filter(format -> format != BIGCODE)
                .map(format -> String.join(", ", format.keys) + " (" + format.label + ")")
                .collect(Collectors.joining("; "));
    }

    @Override
    public String toString() {
        return label;
    }
}
