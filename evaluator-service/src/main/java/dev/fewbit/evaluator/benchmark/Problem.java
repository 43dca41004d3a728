package dev.fewbit.evaluator.benchmark;

import java.util.List;
import java.util.Map;

/**
 * A problem of a benchmark.
 *
 * @param name unique in its file
 * @param prompt what the model continues, byte for byte: no strip, no template
 * @param tests what follows the program
 * @param stopTokens a completion ends before the first of them; empty where nothing but the end of text stops it
 * @param fields the record's other fields that hold text, by name: where a stratum is found
 */
public record Problem(String name, String prompt, String tests, List<String> stopTokens, Map<String, String> fields) {
    public Problem {
        stopTokens = List.copyOf(stopTokens);
        fields = Map.copyOf(fields);
    }
}
