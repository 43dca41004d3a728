package dev.fewbit.benchmark.sample;

import dev.fewbit.benchmark.Benchmark;
import dev.fewbit.benchmark.BenchmarkFamily;
import dev.fewbit.benchmark.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Problems under the names that samples call them: MBPP's are numbers, which tools write {@code 11}, {@code MBPP/11} or {@code Mbpp/11}. */
final class ProblemNames {
    private static final Set<BenchmarkFamily> NUMBERED =
            Set.of(BenchmarkFamily.MBPP, BenchmarkFamily.MBPP_SANITIZED, BenchmarkFamily.MBPP_PLUS);
    private static final String MBPP = "mbpp/";

    private final List<Problem> problems;
    private final Map<String, Problem> byName = new HashMap<>();
    private final boolean numbered;

    ProblemNames(Benchmark benchmark, BenchmarkFamily family) {
        problems = benchmark.problems();
        numbered = NUMBERED.contains(family);
        problems.forEach(problem -> byName.put(key(problem.name()), problem));
    }

    Optional<Problem> find(String name) {
        return Optional.ofNullable(byName.get(key(name)));
    }

    List<Problem> inOrder() {
        return problems;
    }

    private String key(String name) {
        boolean prefixed = numbered && name.regionMatches(true, 0, MBPP, 0, MBPP.length());
        return prefixed ? name.substring(MBPP.length()) : name;
    }
}
