package dev.fewbit.benchmark;

import java.util.List;

/** What judges a program, in the form that the benchmark's own harness runs. How a program is put together is the harness'. */
public sealed interface Tests {

    /**
     * MultiPL-E, McEval and the reference model's: text that follows the program.
     *
     * @param text byte for byte; may begin by closing what the prompt opened
     */
    record Script(String text) implements Tests {}

    /**
     * HumanEval: a script that defines {@code check(candidate)}.
     *
     * @param text the script; it does not call {@code check}
     * @param entryPoint the function that {@code check} is called with
     */
    record CheckFunction(String text, String entryPoint) implements Tests {}

    /**
     * MBPP: assertions after the program.
     *
     * @param imports lines before the assertions, of the sanitized part; empty in the full one
     * @param setup code after the program and before the assertions, with the file's line ends; may be empty
     * @param assertions a statement each, at least one; what decides
     * @param challenge further assertions of the full file, which its harness does not run
     */
    record Assertions(List<String> imports, String setup, List<String> assertions, List<String> challenge)
            implements Tests {
        public Assertions {
            imports = List.copyOf(imports);
            assertions = List.copyOf(assertions);
            challenge = List.copyOf(challenge);
        }
    }

    /**
     * EvalPlus: the program's outputs are compared with the canonical solution's, input by input.
     *
     * @param entryPoint the function that is called
     * @param contract statements in the function's body that say which inputs are allowed; inputs were checked with it when the
     *     benchmark was made
     * @param baseInputs of the original benchmark: a JSON array of arguments each, as it stands in the file, so that no digit of a
     *     large integer, no {@code Infinity} and no exponent is lost
     * @param plusInputs EvalPlus' own, likewise; may be empty
     * @param tolerance absolute, of floating-point outputs; 0 asks for equality (EvalPlus itself then still takes 1e-6 where
     *     an output is a float)
     * @param original the original benchmark's own tests, unused by EvalPlus' judgement
     */
    record InputComparison(
            String entryPoint,
            String contract,
            List<String> baseInputs,
            List<String> plusInputs,
            double tolerance,
            String original)
            implements Tests {
        public InputComparison {
            baseInputs = List.copyOf(baseInputs);
            plusInputs = List.copyOf(plusInputs);
        }
    }
}
