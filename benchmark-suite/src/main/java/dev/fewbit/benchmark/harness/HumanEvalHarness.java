package dev.fewbit.benchmark.harness;

import dev.fewbit.benchmark.Problem;
import dev.fewbit.benchmark.Tests;
import dev.fewbit.contracts.execution.ExecutionLimits;
import dev.fewbit.contracts.execution.JudgingLine;
import dev.fewbit.contracts.execution.ProgramLanguage;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * openai/human-eval: {@code prompt + completion + "\n" + test + "\n" + check(entry_point)}, run by {@code exec} in an empty namespace
 * within 3 s.
 */
record HumanEvalHarness() implements Harness {
    static final JudgingLine EXEC = new JudgingLine(true, false, OptionalInt.empty());

    private static final ExecutionLimits LIMITS = PythonLimits.of(Duration.ofSeconds(3), 1024);

    @Override
    public String program(String prompt, Answer answer) {
        return switch (answer) {
            case Answer.Completion completion -> prompt + completion.text();
            case Answer.Program program -> program.text();
        };
    }

    @Override
    public String tests(Problem problem) {
        Tests.CheckFunction check = (Tests.CheckFunction) problem.tests();
        return EXEC.before(ProgramLanguage.PYTHON, check.text() + "\ncheck(" + check.entryPoint() + ")");
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
