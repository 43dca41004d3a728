package dev.fewbit.benchmark;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * MBPP's record. Full: {@code task_id, text, code, test_setup_code, test_list, challenge_test_list}; sanitized: {@code task_id,
 * prompt, code, test_imports, test_list}. The prompt is a docstring of description and first assertion, as InCoder (Fried et al.
 * 2022) and bigcode-evaluation-harness ask, whose stop strings these are.
 */
record MbppRecord(boolean sanitized) implements RecordFormat {
    private static final List<String> STOPS =
            List.of("\nclass", "\nassert", "\n\"\"\"", "\nprint", "\nif", "\n<|/", "\n```");
    private static final Set<String> TAKEN = Set.of("task_id", "code", "test_setup_code");

    @Override
    public Problem problem(JsonRecord record) throws InvalidBenchmarkException {
        String name = record.name("task_id");
        String description = record.text(sanitized ? "prompt" : "text");
        String code = record.text("code");
        List<String> assertions = record.texts("test_list");
        if (assertions.isEmpty()) {
            throw record.complaint("test_list is empty; at least one assertion is expected");
        }
        return new Problem(
                name,
                "\"\"\"\n" + description + "\n" + assertions.getFirst() + "\n\"\"\"\n",
                STOPS,
                sanitized
                        ? new Tests.Assertions(record.texts("test_imports"), "", assertions, List.of())
                        : new Tests.Assertions(
                                List.of(),
                                record.text("test_setup_code"),
                                assertions,
                                record.texts("challenge_test_list")),
                Optional.of(code),
                record.fieldsBut(TAKEN));
    }
}
