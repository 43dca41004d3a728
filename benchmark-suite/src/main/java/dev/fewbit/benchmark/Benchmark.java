package dev.fewbit.benchmark;

import java.util.List;

/**
 * A benchmark as its file holds it.
 *
 * @param digest SHA-256 of the file's bytes, packed as they are
 * @param problems in the file's order, at least one
 */
public record Benchmark(String digest, List<Problem> problems) {
    public Benchmark {
        problems = List.copyOf(problems);
    }
}
