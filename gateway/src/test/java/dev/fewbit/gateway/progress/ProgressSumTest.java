package dev.fewbit.gateway.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.contracts.evaluation.BenchmarkSpec;
import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.contracts.evaluation.ProblemChoice;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.generation.GeneratorSpec;
import dev.fewbit.contracts.generation.OpenAiSpec;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.contracts.study.ModelSpec;
import dev.fewbit.contracts.study.Stage;
import dev.fewbit.contracts.study.StageProgress;
import dev.fewbit.contracts.study.StudySpec;
import dev.fewbit.contracts.study.StudyState;
import dev.fewbit.gateway.study.StudySnapshot;
import dev.fewbit.gateway.study.WorkState;
import dev.fewbit.gateway.testing.Answers;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ProgressSumTest {
    private static final BenchmarkSpec CHOSEN =
            new BenchmarkSpec("small", ProgramLanguage.PYTHON, "python.jsonl", new ProblemChoice(10, null, null));
    private static final BenchmarkSpec ALL = new BenchmarkSpec("small", ProgramLanguage.PYTHON, "python.jsonl", null);

    private final UUID first = UUID.randomUUID();
    private final UUID second = UUID.randomUUID();

    @Test
    void shouldExpectOfASilentJobWhatAnotherOfItsModelHas() {
        // Given
        StudySnapshot study = study(List.of(job(first, WorkState.OPEN), job(second, WorkState.OPEN)), List.of());

        // When
        StageProgress quantize = ProgressSum.of(study, List.of(new SubjectProgress(first, Stage.QUANTIZE, 7, 30, 700)))
                .getFirst();

        // Then
        assertThat(quantize).isEqualTo(new StageProgress(Stage.QUANTIZE, 7, 60, 700));
    }

    @Test
    void shouldCountReusedArtifactsAsDoneThoughNobodyReported() {
        // Given
        StudySnapshot study = study(List.of(job(first, WorkState.DONE), job(second, WorkState.DONE)), List.of());

        // Then
        assertThat(ProgressSum.of(study, List.of()).getFirst()).isEqualTo(new StageProgress(Stage.QUANTIZE, 2, 2, 0));
    }

    @Test
    void shouldHaveNothingToQuantizeWhenAModelIsServed() {
        // Given
        GeneratorSpec generator = new GeneratorSpec(new OpenAiSpec("http://127.0.0.1:8080", "m"), 4, 100L, null);
        StudySnapshot.Job served = new StudySnapshot.Job(
                second, "tiny", null, null, generator, WorkState.DONE, null, null, null, 0, false, null);

        // Then
        assertThat(ProgressSum.of(study(List.of(served), List.of()), List.of()).getFirst())
                .isEqualTo(new StageProgress(Stage.QUANTIZE, 0, 0, 0));
        assertThat(ProgressSum.of(study(List.of(job(first, WorkState.OPEN), served), List.of()), List.of())
                        .getFirst())
                .isEqualTo(new StageProgress(Stage.QUANTIZE, 0, 1, 0));
    }

    @Test
    void shouldTakeASampleTotalFromTheChoiceOrTheReport() {
        // Given: 10 chosen problems × 2 samples, and a file whose 45 problems only the evaluator knows.
        StudySnapshot study =
                study(List.of(), List.of(cell(first, CHOSEN, WorkState.OPEN), cell(second, ALL, WorkState.OPEN)));

        // When
        StageProgress generate = ProgressSum.of(study, List.of(new SubjectProgress(second, Stage.GENERATE, 5, 90, 500)))
                .get(1);

        // Then
        assertThat(generate).isEqualTo(new StageProgress(Stage.GENERATE, 5, 110, 500));
    }

    @Test
    void shouldNotWaitForSamplesOfAFailedCell() {
        // Given
        StudySnapshot study =
                study(List.of(), List.of(cell(first, CHOSEN, WorkState.FAILED), cell(second, CHOSEN, WorkState.DONE)));

        // When
        StageProgress execute = ProgressSum.of(study, List.of(new SubjectProgress(first, Stage.EXECUTE, 5, 20, 4)))
                .get(2);

        // Then: 5 of the failed cell, 10 × 2 of the other; 4 executions and 15.
        assertThat(execute).isEqualTo(new StageProgress(Stage.EXECUTE, 25, 25, 19));
    }

    private static StudySnapshot study(List<StudySnapshot.Job> jobs, List<StudySnapshot.Cell> cells) {
        StudySpec spec = new StudySpec(
                "a study",
                List.of(new ModelSpec("tiny", "tiny")),
                List.of(Recipe.baseline()),
                List.of(CHOSEN),
                2,
                DecodingSpec.standard());
        return new StudySnapshot(
                new StudySnapshot.Head(
                        UUID.randomUUID(),
                        "default",
                        "a study",
                        "d1",
                        spec,
                        StudyState.RUNNING,
                        Instant.parse("2026-11-25T10:00:00Z"),
                        null,
                        null),
                jobs,
                cells);
    }

    private static StudySnapshot.Job job(UUID id, WorkState state) {
        return new StudySnapshot.Job(
                id, "tiny", "tiny", Recipe.baseline(), null, state, null, null, null, 0, false, null);
    }

    private static StudySnapshot.Cell cell(UUID id, BenchmarkSpec benchmark, WorkState state) {
        return new StudySnapshot.Cell(
                id,
                UUID.randomUUID(),
                benchmark,
                state,
                state == WorkState.DONE ? Answers.summary(0.6, 0.5, 0.7) : null,
                state == WorkState.FAILED ? "no memory" : null);
    }
}
