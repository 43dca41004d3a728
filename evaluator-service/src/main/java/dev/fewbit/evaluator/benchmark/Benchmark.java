package dev.fewbit.evaluator.benchmark;

import java.util.List;

/**
 * A benchmark as its file holds it.
 *
 * @param digest SHA-256 of the file's bytes
 * @param problems in the file's order
 */
public record Benchmark(String digest, List<Problem> problems) {
    public Benchmark {
        problems = List.copyOf(problems);
    }
}
