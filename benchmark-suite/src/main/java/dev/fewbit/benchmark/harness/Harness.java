package dev.fewbit.benchmark.harness;

import dev.fewbit.benchmark.BenchmarkDefinition;
import dev.fewbit.benchmark.BenchmarkFamily;
import dev.fewbit.benchmark.BenchmarkLoader;
import dev.fewbit.benchmark.InvalidBenchmarkException;
import dev.fewbit.benchmark.Problem;
import dev.fewbit.contracts.evaluation.BenchmarkSpec;
import dev.fewbit.contracts.execution.ExecutionLimits;
import dev.fewbit.contracts.execution.ProgramLanguage;

/** A benchmark's own harness, as far as it decides verdicts. {@code docs/benchmarks.md} tells where Fewbit differs on purpose. */
public sealed interface Harness permits HumanEvalHarness, MbppHarness, EvalPlusHarness, ScriptHarness {

    /** The text that is judged, without tests, of an answer to {@code prompt}. */
    String program(String prompt, Answer answer);

    /** The text that is judged, without tests. */
    default String program(Problem problem, Answer answer) {
        return program(problem.prompt(), answer);
    }

    /** What follows the program after a newline; the same for all answers to a problem. */
    String tests(Problem problem);

    /** What each program gets. */
    ExecutionLimits limits();

    /**
     * Whether completions are cut at the problem's stop tokens here: so it is where the tokens are part of the benchmark's record. The
     * other harnesses run a completion as it is, and whoever generates it cuts it before.
     */
    boolean cutsCompletions();

    /** That of {@code definition}, whose programs the sandbox runs as {@code language}. */
    static Harness of(BenchmarkDefinition definition, ProgramLanguage language) {
        return of(definition.family(), language);
    }

    /**
     * That of what a study asks for; a file that a study names itself is judged as the reference model's benchmark.
     *
     * @throws InvalidBenchmarkException when there is no benchmark of that name
     */
    static Harness of(BenchmarkSpec spec) throws InvalidBenchmarkException {
        return spec.file() == null
                ? of(BenchmarkLoader.definition(spec), spec.language())
                : ScriptHarness.reference(spec.language());
    }

    /** That of a family. */
    static Harness of(BenchmarkFamily family, ProgramLanguage language) {
        return switch (family) {
            case HUMANEVAL -> new HumanEvalHarness();
            case MBPP, MBPP_SANITIZED -> new MbppHarness();
            case HUMANEVAL_PLUS -> new EvalPlusHarness(EvalPlusHarness.Dataset.HUMANEVAL);
            case MBPP_PLUS -> new EvalPlusHarness(EvalPlusHarness.Dataset.MBPP);
            case MULTIPL_E, MCEVAL -> ScriptHarness.multiPlE(language);
            case REFERENCE -> ScriptHarness.reference(language);
        };
    }
}
