package dev.fewbit.benchmark;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * HumanEval's record: {@code task_id, prompt, entry_point, canonical_solution, test}.
 *
 * @see <a href="https://arxiv.org/abs/2107.03374">Chen et al. 2021</a>, section 3.2, for where a completion stops
 */
record HumanEvalRecord() implements RecordFormat {
    private static final List<String> STOPS = List.of("\nclass", "\ndef", "\n#", "\nif", "\nprint");
    private static final Set<String> TAKEN = Set.of("task_id", "prompt", "canonical_solution", "test");

    @Override
    public Problem problem(JsonRecord record) throws InvalidBenchmarkException {
        return new Problem(
                record.name("task_id"),
                record.text("prompt"),
                STOPS,
                new Tests.CheckFunction(record.text("test"), record.name("entry_point")),
                Optional.of(record.text("canonical_solution")),
                record.fieldsBut(TAKEN));
    }
}
