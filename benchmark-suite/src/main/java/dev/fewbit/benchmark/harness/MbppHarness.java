package dev.fewbit.benchmark.harness;

import dev.fewbit.benchmark.Problem;
import dev.fewbit.benchmark.Tests;
import dev.fewbit.contracts.execution.ExecutionLimits;
import dev.fewbit.contracts.execution.ProgramLanguage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * MBPP, full and sanitized: an answer is a whole program, which the set-up code, the imports and the assertions follow, run by
 * {@code exec} within 3 s. Google published no harness; order and limit are those of bigcode-evaluation-harness and of the paper.
 */
record MbppHarness() implements Harness {
    private static final ExecutionLimits LIMITS = PythonLimits.of(Duration.ofSeconds(3), 1024);

    /** The prompt only tells what to write: it is no part of the program. */
    @Override
    public String program(String prompt, Answer answer) {
        return answer.text();
    }

    @Override
    public String tests(Problem problem) {
        Tests.Assertions assertions = (Tests.Assertions) problem.tests();
        List<String> lines = new ArrayList<>(assertions.imports());
        if (!assertions.setup().isEmpty()) {
            lines.add(assertions.setup());
        }
        lines.addAll(assertions.assertions());
        return HumanEvalHarness.EXEC.before(ProgramLanguage.PYTHON, String.join("\n", lines));
    }

    @Override
    public ExecutionLimits limits() {
        return LIMITS;
    }

    @Override
    public boolean cutsCompletions() {
        return false;
    }
}
