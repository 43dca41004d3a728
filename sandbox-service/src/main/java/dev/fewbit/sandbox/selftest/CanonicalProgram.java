package dev.fewbit.sandbox.selftest;

import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.execution.Verdict;
import java.util.List;

/**
 * A program whose verdict is known.
 *
 * @param tests {@code null} where the source is complete
 */
record CanonicalProgram(String source, String tests, Verdict expected) {
    private static final String PYTHON_TESTS = """
            def check(candidate):
                assert candidate([3, 1, 2]) == [1, 2, 3]
            check(ordered)
            """;
    private static final String JAVA = """
            import java.util.*;
            class Problem {
                static List<Integer> ordered(List<Integer> in) { BODY }
                public static void main(String[] args) {
                    assert(ordered(List.of(3, 1, 2)).equals(List.of(1, 2, 3)));
                }
            }
            """;

    static List<CanonicalProgram> of(ProgramLanguage language) {
        return switch (language) {
            case PYTHON ->
                List.of(
                        python("return sorted(xs)", Verdict.PASSED),
                        python("return xs", Verdict.ASSERTION_FAILED),
                        python("import os; os._exit(0)", Verdict.RAISED));
            case JAVA ->
                List.of(
                        java("return in.stream().sorted().toList();", Verdict.PASSED),
                        java("return in;", Verdict.ASSERTION_FAILED),
                        java("System.exit(0); return in;", Verdict.RAISED));
        };
    }

    private static CanonicalProgram python(String body, Verdict expected) {
        return new CanonicalProgram("def ordered(xs):\n    " + body + "\n", PYTHON_TESTS, expected);
    }

    private static CanonicalProgram java(String body, Verdict expected) {
        return new CanonicalProgram(JAVA.replace("BODY", body), null, expected);
    }
}
