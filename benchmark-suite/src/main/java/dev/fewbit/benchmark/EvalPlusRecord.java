package dev.fewbit.benchmark;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * EvalPlus' record: {@code task_id, prompt, entry_point, canonical_solution, contract, base_input, plus_input, atol} and the original
 * tests.
 *
 * @param originalKey where the original benchmark's tests stand
 * @param stops where a direct completion stops, of {@code evalplus/provider/utility.py} at 542c0b25
 * @see <a href="https://arxiv.org/abs/2305.01210">Liu et al. 2023</a>
 */
record EvalPlusRecord(String originalKey, List<String> stops) implements RecordFormat {
    /** In any completion, then those of HumanEval+. */
    static final List<String> HUMANEVAL_STOPS = List.of(
            "<|endoftext|>",
            "<|endofmask|>",
            "</s>",
            "\nif __name__",
            "\ndef main(",
            "\nprint(",
            "\ndef ",
            "\nclass ",
            "\nimport ",
            "\nfrom ",
            "\nassert ");

    /** In any completion, then those of MBPP+. */
    static final List<String> MBPP_STOPS = List.of(
            "<|endoftext|>",
            "<|endofmask|>",
            "</s>",
            "\nif __name__",
            "\ndef main(",
            "\nprint(",
            "\n\"\"\"",
            "\nassert");

    private static final Set<String> TAKEN =
            Set.of("task_id", "prompt", "canonical_solution", "contract", "test", "assertion", "atol");

    @Override
    public Problem problem(JsonRecord record) throws InvalidBenchmarkException {
        String name = record.name("task_id");
        List<String> base = record.argumentLists("base_input");
        if (base.isEmpty()) {
            throw record.complaint("base_input is empty; at least one list of arguments is expected");
        }
        return new Problem(
                name,
                record.text("prompt"),
                stops,
                new Tests.InputComparison(
                        record.name("entry_point"),
                        record.text("contract"),
                        base,
                        record.argumentLists("plus_input"),
                        record.size("atol"),
                        record.textOrEmpty(originalKey)),
                Optional.of(record.text("canonical_solution")),
                record.fieldsBut(TAKEN));
    }
}
