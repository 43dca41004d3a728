package dev.fewbit.benchmark.harness;

import dev.fewbit.benchmark.Problem;
import dev.fewbit.benchmark.Tests;
import dev.fewbit.contracts.execution.ExecutionLimits;
import dev.fewbit.contracts.execution.JudgingLine;
import dev.fewbit.contracts.execution.ProgramLanguage;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * MultiPL-E's form, which McEval's files of the study and the reference model's benchmark have as well: {@code prompt + completion +
 * "\n" + tests} is one file that runs as a main program, Java by {@code java -ea Problem}.
 *
 * @param language of the programs
 * @param judging what its tests ask of the judge
 * @param limits of a program
 */
record ScriptHarness(ProgramLanguage language, JudgingLine judging, ExecutionLimits limits) implements Harness {
    private static final Duration MULTIPL_E_TIME = Duration.ofSeconds(15);
    private static final long MIB = 1 << 20;
    /** Its container has Ubuntu 22.04's default JDK: what Java later brought does not compile there. */
    private static final int MULTIPL_E_JAVA = 11;

    /** Limits and Java of MultiPL-E's evaluation container, which ran McEval's programs of the study too. */
    static ScriptHarness multiPlE(ProgramLanguage language) {
        return switch (language) {
            case PYTHON -> new ScriptHarness(language, JudgingLine.NONE, PythonLimits.of(MULTIPL_E_TIME, 1024));
            case JAVA ->
                new ScriptHarness(
                        language,
                        new JudgingLine(false, false, OptionalInt.of(MULTIPL_E_JAVA)),
                        new ExecutionLimits(
                                MULTIPL_E_TIME, MULTIPL_E_TIME.multipliedBy(2), 1024 * MIB, 256 * 1024, 64));
        };
    }

    /** The sandbox' own limits. */
    static ScriptHarness reference(ProgramLanguage language) {
        return new ScriptHarness(language, JudgingLine.NONE, ExecutionLimits.of(language));
    }

    @Override
    public String program(String prompt, Answer answer) {
        return switch (answer) {
            case Answer.Completion completion -> prompt + completion.text();
            case Answer.Program program -> program.text();
        };
    }

    @Override
    public String tests(Problem problem) {
        return judging.before(language, ((Tests.Script) problem.tests()).text());
    }

    @Override
    public boolean cutsCompletions() {
        return true;
    }
}
