package dev.fewbit.contracts.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.contracts.InvalidSpecException;
import dev.fewbit.contracts.evaluation.BenchmarkSpec;
import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.recipe.Recipe;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StudySpecTest {
    private static final List<ModelSpec> MODELS = List.of(new ModelSpec("m", "models/m"));
    private static final List<Recipe> RECIPES = List.of(Recipe.baseline(), Recipe.roundToNearest(4));
    private static final List<BenchmarkSpec> BENCHMARKS =
            List.of(new BenchmarkSpec("b", ProgramLanguage.PYTHON, "b.jsonl", null));

    @Test
    void shouldSampleAsThePaperDoesWhenDecodingIsNotSaid() {
        assertThat(study("A study", 3).decoding()).isEqualTo(DecodingSpec.paper());
    }

    @Test
    void shouldChangeNothingElseWhenSamplesAreReplaced() {
        assertThat(study("A study", 3).withSamples(7)).isEqualTo(study("A study", 7));
    }

    @Test
    void shouldKeepItsGridWhenCallersListChanges() {
        // Given
        List<Recipe> recipes = new ArrayList<>(RECIPES);
        StudySpec study = new StudySpec("A study", MODELS, recipes, BENCHMARKS, 3, null);
        // When
        recipes.clear();
        // Then
        assertThat(study.recipes()).isEqualTo(RECIPES);
    }

    @Test
    void shouldTakeFreeTextAsNameWhenItHasUpTo200Characters() {
        String name = "Wie wenig Bits? " + "é".repeat(184);
        assertThat(study(name, 1).name()).isEqualTo(name);
    }

    @Test
    void shouldRefuseNameWhenBlankMissingOrTooLong() {
        String allowed = "; allowed: 1 to 200 characters, not blank";
        assertInvalid(() -> study(null, 3), "name is missing" + allowed);
        assertInvalid(() -> study(" ", 3), "name is ' '" + allowed);
        assertInvalid(() -> study("x".repeat(201), 3), "name is '" + "x".repeat(201) + "'" + allowed);
    }

    @Test
    void shouldRefuseSamplesWhenOutOfRange() {
        assertInvalid(() -> study("A study", null), "samples is missing; allowed: 1 to 1000");
        assertInvalid(() -> study("A study", -3), "samples is -3; allowed: 1 to 1000");
        assertInvalid(() -> study("A study", 1001), "samples is 1001; allowed: 1 to 1000");
    }

    @Test
    void shouldRefuseGridWhenOneSideIsEmptyMissingOrRepeats() {
        assertInvalid(
                () -> new StudySpec("s", List.of(), RECIPES, BENCHMARKS, 3, null),
                "models is empty; allowed: at least one entry");
        assertInvalid(
                () -> new StudySpec("s", MODELS, null, BENCHMARKS, 3, null),
                "recipes is missing; allowed: at least one entry");
        assertInvalid(
                () -> new StudySpec("s", MODELS, List.of(Recipe.baseline(), Recipe.baseline()), BENCHMARKS, 3, null),
                "recipes is a list with the same entry twice; allowed: each entry once");
        assertInvalid(
                () -> new StudySpec("s", MODELS, RECIPES, List.of(), 3, null),
                "benchmarks is empty; allowed: at least one entry");
    }

    @Test
    void shouldNameMissingKeyWhenModelIsIncomplete() {
        assertInvalid(() -> new ModelSpec(null, "models/m"), "name is missing; allowed: a name for the model");
        assertInvalid(
                () -> new ModelSpec("m", null), "checkpoint is missing; allowed: the path of a checkpoint directory");
    }

    private static StudySpec study(String name, Integer samples) {
        return new StudySpec(name, MODELS, RECIPES, BENCHMARKS, samples, null);
    }

    private static void assertInvalid(Runnable making, String message) {
        assertThatThrownBy(making::run).isInstanceOf(InvalidSpecException.class).hasMessage(message);
    }
}
