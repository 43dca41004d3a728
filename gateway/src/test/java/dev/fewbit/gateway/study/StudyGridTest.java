package dev.fewbit.gateway.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.fewbit.contracts.InvalidSpecException;
import dev.fewbit.contracts.evaluation.BenchmarkSpec;
import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.contracts.evaluation.ProblemChoice;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.generation.GeneratorSpec;
import dev.fewbit.contracts.generation.OpenAiSpec;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.contracts.study.ModelSpec;
import dev.fewbit.contracts.study.PlannedCell;
import dev.fewbit.contracts.study.StudySpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class StudyGridTest {
    private static final BenchmarkSpec PYTHON =
            new BenchmarkSpec("small", ProgramLanguage.PYTHON, "python.jsonl", new ProblemChoice(10, null, null));
    private static final BenchmarkSpec JAVA = new BenchmarkSpec("small", ProgramLanguage.JAVA, "java.jsonl", null);

    @Test
    void shouldPlanEachModelUnderEachRecipeOnEachBenchmark() {
        // When
        StudyGrid grid = StudyGrid.of(
                spec(List.of(new ModelSpec("a", "a"), new ModelSpec("b", "b")), List.of(PYTHON, JAVA)), 100);

        // Then
        assertThat(grid.size()).isEqualTo(8);
        assertThat(grid.plan().artifacts()).isEqualTo(4);
        assertThat(grid.plan().cells())
                .hasSize(8)
                .extracting(
                        PlannedCell::model,
                        PlannedCell::bits,
                        cell -> cell.language().label(),
                        PlannedCell::problems)
                .startsWith(tuple("a", 16, "python", 10), tuple("a", 16, "java", null), tuple("a", 3, "python", 10))
                .endsWith(tuple("b", 3, "java", null));
    }

    @Test
    void shouldPlanAServedModelOnceOnEachBenchmark() {
        // Given
        ModelSpec served = ModelSpec.of(
                "a", new GeneratorSpec(new OpenAiSpec("http://127.0.0.1:8080", "a-q4"), 4, 100L, "GGUF Q4_0"));

        // When
        StudyGrid grid = StudyGrid.of(spec(List.of(new ModelSpec("a", "a"), served), List.of(PYTHON, JAVA)), 6);

        // Then
        assertThat(grid.size()).isEqualTo(6);
        assertThat(grid.plan().artifacts()).isEqualTo(2);
        assertThat(grid.plan().cells())
                .extracting(
                        PlannedCell::model,
                        PlannedCell::bits,
                        PlannedCell::method,
                        cell -> cell.language().label())
                .endsWith(tuple("a", 4, "openai: GGUF Q4_0", "python"), tuple("a", 4, "openai: GGUF Q4_0", "java"));
        assertThatThrownBy(() -> StudyGrid.of(grid.spec(), 5))
                .hasMessage("models × recipes × benchmarks is 6 cells; allowed: at most 5");
    }

    @Test
    void shouldKeepTheDigestOfAnEqualSpecificationAndChangeItWithAnyValue() {
        // Given
        StudySpec spec = spec(List.of(new ModelSpec("a", "a")), List.of(PYTHON));

        // Then
        String digest = StudyGrid.of(spec, 100).digest();
        assertThat(StudyGrid.of(spec(List.of(new ModelSpec("a", "a")), List.of(PYTHON)), 100)
                        .digest())
                .isEqualTo(digest);
        assertThat(StudyGrid.of(spec.withSamples(4), 100).digest()).isNotEqualTo(digest);
    }

    @Test
    void shouldRefuseAGridOverTheLimit() {
        assertThatThrownBy(() -> StudyGrid.of(spec(List.of(new ModelSpec("a", "a")), List.of(PYTHON, JAVA)), 3))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessage("models × recipes × benchmarks is 4 cells; allowed: at most 3");
    }

    private static StudySpec spec(List<ModelSpec> models, List<BenchmarkSpec> benchmarks) {
        return new StudySpec(
                "a study",
                models,
                List.of(Recipe.baseline(), Recipe.roundToNearest(3)),
                benchmarks,
                2,
                DecodingSpec.standard());
    }
}
