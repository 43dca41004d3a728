package dev.fewbit.launcher.replay;

import dev.fewbit.benchmark.metric.PassAtK;
import dev.fewbit.contracts.execution.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A replay's outcome.
 *
 * @param benchmark its name
 * @param digest SHA-256 of its file
 * @param format of the samples
 * @param language of the programs
 * @param toolchain that ran them
 * @param isolation how jails were built
 * @param problemsInBenchmark all of them
 * @param ownTexts problems that the samples brought a prompt or tests of their own for
 * @param executed programs that were run
 * @param lines a sample each, in the samples' order
 */
public record ReplayReport(
        String benchmark,
        String digest,
        String format,
        String language,
        String toolchain,
        int judgeVersion,
        int problemsInBenchmark,
        int ownTexts,
        int executed,
        List<VerdictLine> lines) {
    private static final List<Integer> DRAWN = List.of(1, 2, 5, 10, 20, 25, 50, 100);

    public ReplayReport {
        lines = List.copyOf(lines);
    }

    /** Samples, faults included. */
    public int total() {
        return lines.size();
    }

    /** Samples without a verdict, because the sandbox failed. */
    public int faults() {
        return all().faults();
    }

    /** Samples that passed. */
    public int passed() {
        return all().passed();
    }

    private ProblemCounts all() {
        ProblemCounts counts = new ProblemCounts();
        lines.forEach(line -> counts.add(line.verdict()));
        return counts;
    }

    private Map<String, ProblemCounts> perProblem() {
        Map<String, ProblemCounts> counts = new LinkedHashMap<>();
        for (VerdictLine line : lines) {
            counts.computeIfAbsent(line.problem(), name -> new ProblemCounts()).add(line.verdict());
        }
        return counts;
    }

    /** Mean of the unbiased estimates over problems with samples; empty where one has fewer than {@code k}. */
    public OptionalDouble passAt(int k) {
        Map<String, ProblemCounts> problems = perProblem();
        if (problems.values().stream().anyMatch(counts -> counts.judged() < k)) {
            return OptionalDouble.empty();
        }
        return problems.values().stream()
                .mapToDouble(counts -> PassAtK.estimate(counts.judged(), counts.passed(), k))
                .average();
    }

    /** Every k of the usual ones that the samples allow, with its estimate. */
    public Map<Integer, Double> passAtEach() {
        Map<Integer, Double> estimates = new LinkedHashMap<>();
        for (int k : DRAWN) {
            passAt(k).ifPresent(estimate -> estimates.put(k, estimate));
        }
        return estimates;
    }

    /** Counts by the verdict's name. */
    public Map<String, Integer> verdicts() {
        return all().verdicts();
    }

    /** What {@code --json} prints. */
    public Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("benchmark", benchmark);
        fields.put("benchmarkDigest", digest);
        fields.put("format", format);
        fields.put("language", language);
        fields.put("toolchain", toolchain);
        fields.put("judgeVersion", judgeVersion);
        fields.put("total", total());
        fields.put("verdicts", withPassed());
        passAtEach().forEach((k, estimate) -> fields.put("passAt" + k, estimate));
        fields.put("problemsInBenchmark", problemsInBenchmark);
        fields.put("problemsWithOwnTexts", ownTexts);
        fields.put("executed", executed);
        fields.put("perProblem", perProblem());
        return fields;
    }

    /** A count of passed samples is always there, also when it is none. */
    private Map<String, Integer> withPassed() {
        Map<String, Integer> named = new LinkedHashMap<>(verdicts());
        named.putIfAbsent(Verdict.PASSED.label(), 0);
        return named;
    }
}
