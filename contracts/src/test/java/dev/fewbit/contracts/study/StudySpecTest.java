package dev.fewbit.contracts.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.contracts.InvalidSpecException;
import dev.fewbit.contracts.evaluation.BenchmarkSpec;
import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.recipe.Method;
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
        assertThat(study("A study", 3).decoding()).isEqualTo(DecodingSpec.standard());
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
        // A character outside of the basic plane is two chars of Java and one for a person.
        assertThat(study("🙂".repeat(200), 1).name()).hasSize(400);
        String marked = "<b>\"50 %\" & 'more' %s {} $1</b>";
        assertThat(study(marked, 1).name()).isEqualTo(marked);
    }

    @Test
    void shouldRefuseTextWhenItHoldsWhatTerminalsOrDatabasesCannotTake() {
        String allowed = "; allowed: 1 to 200 characters, not blank, without control characters";
        assertInvalid(() -> study("a\0b", 3), "name is 'a�b'" + allowed);
        assertInvalid(() -> study("a\u001b[2J", 3), "name is 'a�[2J'" + allowed);
        assertInvalid(() -> study("a\ud83d", 3), "name is 'a�'" + allowed);
        assertInvalid(
                () -> new ModelSpec("m", "models\0"),
                "checkpoint is 'models�'; allowed: the path of a checkpoint directory, without control characters");
    }

    @Test
    void shouldRefuseGridWhenReportCouldNotTellEntriesApart() {
        // Given: neither report.json nor samples.jsonl has a field for the block size
        List<Recipe> recipes =
                List.of(new Recipe(Method.RTN, 4, 32, false), Recipe.baseline(), new Recipe(Method.RTN, 4, 64, false));
        // When, Then
        assertInvalid(
                () -> new StudySpec("s", MODELS, recipes, BENCHMARKS, 3, null),
                "recipes is a list with two entries 'rtn at 4 bits'; allowed: entries that a report can tell apart");
        assertInvalid(
                () -> new StudySpec(
                        "s", List.of(MODELS.getFirst(), new ModelSpec("m", "another")), RECIPES, BENCHMARKS, 3, null),
                "models is a list with two entries 'm'; allowed: entries that a report can tell apart");
        assertInvalid(
                () -> new StudySpec(
                        "s",
                        MODELS,
                        RECIPES,
                        List.of(
                                BENCHMARKS.getFirst(),
                                new BenchmarkSpec("b", ProgramLanguage.PYTHON, "other.jsonl", null)),
                        3,
                        null),
                "benchmarks is a list with two entries 'b in python'; allowed: entries that a report can tell apart");
    }

    @Test
    void shouldRefuseNameWhenBlankMissingOrTooLong() {
        String allowed = "; allowed: 1 to 200 characters, not blank";
        assertInvalid(() -> study(null, 3), "name is missing" + allowed);
        assertInvalid(() -> study(" ", 3), "name is blank" + allowed);
        assertInvalid(() -> study("x".repeat(201), 3), "name is '" + "x".repeat(60) + "…'" + allowed);
    }

    @Test
    void shouldRefuseSamplesWhenOutOfRange() {
        assertInvalid(() -> study("A study", null), "samples is missing; allowed: 1 to 1000");
        assertInvalid(() -> study("A study", -3), "samples is -3; allowed: 1 to 1000");
        assertInvalid(() -> study("A study", 1001), "samples is 1001; allowed: 1 to 1000");
    }

    @Test
    void shouldTakeSamplesOfTheDecodingWhenTheStudyDoesNotSayThem() {
        assertThat(study(null, DecodingSpec.paper()).samples()).isEqualTo(20);
        assertThat(study(3, DecodingSpec.paper()).samples()).isEqualTo(3);
        assertThat(study(null, DecodingSpec.standard().withN(5)).samples()).isEqualTo(5);
        assertThat(study(5, DecodingSpec.standard().withN(5)).withSamples(2).samples())
                .isEqualTo(2);
        assertInvalid(
                () -> study(3, DecodingSpec.standard().withN(5)), "samples is 3; allowed: 5, as the decoding's n says");
    }

    @Test
    void shouldRefuseGridWhenOneSideIsEmptyOrMissing() {
        assertInvalid(
                () -> new StudySpec("s", List.of(), RECIPES, BENCHMARKS, 3, null),
                "models is empty; allowed: at least one entry");
        assertInvalid(
                () -> new StudySpec("s", MODELS, null, BENCHMARKS, 3, null),
                "recipes is missing; allowed: at least one entry");
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

    private static StudySpec study(Integer samples, DecodingSpec decoding) {
        return new StudySpec("s", MODELS, RECIPES, BENCHMARKS, samples, decoding);
    }

    private static StudySpec study(String name, Integer samples) {
        return new StudySpec(name, MODELS, RECIPES, BENCHMARKS, samples, null);
    }

    private static void assertInvalid(Runnable making, String message) {
        assertThatThrownBy(making::run).isInstanceOf(InvalidSpecException.class).hasMessage(message);
    }
}
