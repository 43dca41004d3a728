package dev.fewbit.benchmark.harness;

import dev.fewbit.benchmark.Problem;
import dev.fewbit.benchmark.Tests;
import dev.fewbit.contracts.execution.ExecutionLimits;
import dev.fewbit.contracts.execution.JudgingLine;
import dev.fewbit.contracts.execution.ProgramLanguage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * EvalPlus: the program's function and the canonical solution's get the same inputs, the base ones and EvalPlus' own, and their outputs
 * are compared with EvalPlus' tolerances; both parts decide. The canonical solution runs beside the judge, out of the program's reach.
 *
 * @param dataset whose special cases apply
 */
record EvalPlusHarness(Dataset dataset) implements Harness {

    /** The two sets of problems, which have their special cases each. */
    enum Dataset {
        HUMANEVAL,
        MBPP
    }

    private static final JudgingLine JUDGING = new JudgingLine(true, true, OptionalInt.empty());
    private static final String COMPARISON = resource("evalplus.py");
    /** EvalPlus gives a minute to each of the two parts; the canonical solution's own time comes on top. */
    private static final ExecutionLimits LIMITS = PythonLimits.of(Duration.ofSeconds(200), 4096);

    @Override
    public String program(String prompt, Answer answer) {
        return switch (answer) {
            case Answer.Completion completion -> prompt + completion.text();
            case Answer.Program program -> program.text();
        };
    }

    @Override
    public String tests(Problem problem) {
        Tests.InputComparison comparison = (Tests.InputComparison) problem.tests();
        String canonical = problem.prompt()
                + problem.canonicalSolution()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "problem '" + problem.name() + "' has no canonical solution to compare with"));
        String call = "compare(\n    "
                + String.join(
                        ",\n    ",
                        literal(dataset.name().toLowerCase(Locale.ROOT)),
                        literal(problem.name()),
                        literal(comparison.entryPoint()),
                        Double.toString(comparison.tolerance()),
                        literal(canonical),
                        literal(list(comparison.baseInputs())),
                        literal(list(comparison.plusInputs())))
                + ")\n";
        return JUDGING.before(ProgramLanguage.PYTHON, COMPARISON + "\n\n" + call);
    }

    @Override
    public ExecutionLimits limits() {
        return LIMITS;
    }

    @Override
    public boolean cutsCompletions() {
        return false;
    }

    private static String list(List<String> json) {
        return "[" + String.join(",", json) + "]";
    }

    /** A Python string that holds {@code text}. */
    private static String literal(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 16).append('\'');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> quoted.append("\\\\");
                case '\'' -> quoted.append("\\'");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\0' -> quoted.append("\\0");
                default -> quoted.append(c);
            }
        }
        return quoted.append('\'').toString();
    }

    private static String resource(String name) {
        try (InputStream in = EvalPlusHarness.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + name + " is missing from the build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the resource " + name + " cannot be read", e);
        }
    }
}
