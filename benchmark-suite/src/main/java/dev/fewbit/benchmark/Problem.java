package dev.fewbit.benchmark;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A problem of a benchmark.
 *
 * @param name unique in its benchmark, as published samples call it: {@code HumanEval/0}, {@code Mbpp/2}, {@code 11} (MBPP's number),
 *     {@code HumanEval_23_strlen}
 * @param prompt what the model continues, byte for byte: no strip, no template. MBPP has descriptions only; its prompt is a docstring
 *     of description and first assertion, as InCoder and EvalPlus ask
 * @param stopTokens a completion ends before the first of them; empty where nothing but the end of text stops it
 * @param tests what judges a program
 * @param canonicalSolution the benchmark's own solution where it has one: HumanEval and EvalPlus: what follows the prompt, MBPP: a whole
 *     program, CRLF included
 * @param fields the record's other fields that hold a text or a number, by name: where a stratum is found
 */
public record Problem(
        String name,
        String prompt,
        List<String> stopTokens,
        Tests tests,
        Optional<String> canonicalSolution,
        Map<String, String> fields) {
    public Problem {
        stopTokens = List.copyOf(stopTokens);
        fields = Map.copyOf(fields);
    }
}
