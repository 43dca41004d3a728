package dev.fewbit.contracts.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.contracts.InvalidSpecException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeTest {

    @Test
    void shouldTakeBlock64AndZeroPointsWhenNotSaid() {
        // When
        Recipe recipe = new Recipe(Method.RTN, 4, null, null);
        // Then
        assertThat(recipe.blockSize()).isEqualTo(64);
        assertThat(recipe.symmetric()).isFalse();
        assertThat(Recipe.roundToNearest(4)).isEqualTo(recipe);
    }

    @Test
    void shouldHave16BitsWhenBaseline() {
        assertThat(Recipe.baseline()).isEqualTo(new Recipe(Method.NONE, 16, 64, false));
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 4, 3, 2})
    void shouldAcceptWidthWhenStudyUsesIt(int bits) {
        assertThat(Recipe.roundToNearest(bits).bits()).isEqualTo(bits);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "null | 4    | 64   | method     | method is missing; allowed: none, rtn, awq, gptq, gptq+ or gptq+tuned",
                "RTN  | null | 64   | bits       | bits is missing; allowed: 16 with method none, else 8, 4, 3 or 2",
                "RTN  | 5    | 64   | bits       | bits is 5; allowed: 8, 4, 3 or 2 with method rtn",
                "RTN  | 16   | 64   | bits       | bits is 16; allowed: 8, 4, 3 or 2 with method rtn",
                "NONE | 8    | 64   | bits       | bits is 8; allowed: 16 with method none",
                "RTN  | 4    | 48   | block_size | block_size is 48; allowed: 32, 64 or 128",
            })
    void shouldNameKeyValueAndWhatIsAllowedWhenRecipeIsWrong(
            Method method, Integer bits, Integer blockSize, String key, String message) {
        assertThatThrownBy(() -> new Recipe(method, bits, blockSize, null))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessage(message)
                .extracting(e -> ((InvalidSpecException) e).key())
                .isEqualTo(key);
    }

    @Test
    void shouldFillInCalibrationAndStepsWhenMethodUsesThem() {
        // When
        Recipe plus = new Recipe(Method.GPTQ_PLUS, 3, null, null);
        Recipe plain = new Recipe(Method.GPTQ, 3, null, null);
        // Then
        assertThat(plus.calibration()).isEqualTo(new CalibrationSpec("code", null, 128, 512, 0L));
        assertThat(plus.steps()).isEqualTo(new StepsSpec(true, true, true, true, 2, true, false));
        assertThat(plain.calibration()).isEqualTo(plus.calibration());
        assertThat(plain.steps()).isNull();
    }

    @Test
    void shouldAcceptCalibrationWhenMethodIgnoresIt() {
        // Given
        CalibrationSpec random = new CalibrationSpec("random", null, 4, 64, 7L);
        // Then
        assertThat(new Recipe(Method.RTN, 4, null, null, random, null).calibration())
                .isEqualTo(random);
        assertThat(Recipe.roundToNearest(4).calibration()).isNull();
    }

    @Test
    void shouldRefuseStepsWhenMethodHasNone() {
        assertThatThrownBy(() -> new Recipe(Method.GPTQ, 4, null, null, null, StepsSpec.all()))
                .hasMessage("steps is more than act_order with method gptq; allowed: act_order, or method gptq+");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "wiki  | null | 1    | 8    | set is wiki; allowed: code, mixed or random; or file: PATH instead of a set",
                "code  | a    | 1    | 8    | set is code beside file a; allowed: a set or a file, not both",
                "code  | null | 0    | 8    | sequences is 0; allowed: 1 to 4096",
                "code  | null | 1    | 7    | length is 7; allowed: 8 to 8192",
                "null  | ''   | 1    | 8    | file is blank; allowed: the path of a JSONL file with a text field, or of a folder of source files",
            })
    void shouldNameKeyAndValueWhenCalibrationIsWrong(
            String set, String file, Integer sequences, Integer length, String message) {
        assertThatThrownBy(() -> new CalibrationSpec(set, file, sequences, length, null))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessage(message);
    }

    @Test
    void shouldRefuseStepsThatContradictEachOther() {
        assertThatThrownBy(() -> new StepsSpec(true, false, true, null, 2, true, null))
                .hasMessage("residual is true without target; allowed: true with target: true, or false");
        assertThatThrownBy(() -> new StepsSpec(true, true, true, null, 11, true, null))
                .hasMessage("descent is 11; allowed: 0 to 10 passes");
        assertThat(new StepsSpec(null, false, null, null, 0, null, null).filledFor(Method.GPTQ_PLUS))
                .isEqualTo(new StepsSpec(true, false, false, true, 0, true, false));
    }

    @Test
    void shouldGiveLinearItsOwnWidthWhenOverrideMatches() {
        // Given
        Recipe recipe = new Recipe(
                Method.RTN,
                3,
                null,
                null,
                null,
                null,
                List.of(
                        new WidthOverride("layers.*.mlp.down_proj", 4),
                        new WidthOverride("layers.1*.mlp.down_proj", 8)),
                null,
                null,
                null);
        // Then
        assertThat(recipe.bitsOf("model.layers.0.mlp.down_proj.weight")).isEqualTo(4);
        assertThat(recipe.bitsOf("model.layers.12.mlp.down_proj.weight")).isEqualTo(8);
        assertThat(recipe.bitsOf("model.layers.0.mlp.up_proj.weight")).isEqualTo(3);
        assertThat(recipe.bitsOf("model.layers.0.self_attn.mlp.down_proj.weight"))
                .isEqualTo(3);
    }

    @Test
    void shouldRefuseOverrideWhenNameOrWidthIsWrong() {
        assertThatThrownBy(() -> new WidthOverride("layers..x", 4))
                .hasMessage("match is layers..x; allowed: a name such as layers.*.mlp.down_proj");
        assertThatThrownBy(() -> new WidthOverride("layers.*", 5))
                .hasMessage("bits is 5; allowed: 8, 4, 3 or 2 in an override");
    }

    @Test
    void shouldRefuseClippingAndEmbeddingWidthWhenMethodHasNone() {
        assertThatThrownBy(() -> new Recipe(Method.GPTQ, 4, null, null, null, null, null, Clipping.MSE, null, null))
                .hasMessage("clipping is mse with method gptq; allowed: clipping with method rtn only");
        assertThatThrownBy(() -> new Recipe(Method.RTN, 4, null, null, null, 3, null, null, null, null))
                .hasMessage("embedding_bits is 3; allowed: 16, 8 or 4");
        assertThatThrownBy(() -> new Recipe(Method.NONE, 16, null, null, null, 8, null, null, null, null))
                .hasMessage("embedding_bits is 8; allowed: 16 with method none");
    }

    @Test
    void shouldBeCalledByItsFileWhenItHasOne() {
        assertThat(new CalibrationSpec(null, "texts/own.jsonl", null, null, null).label())
                .isEqualTo("own.jsonl");
        assertThat(new CalibrationSpec(null, "some/sources/", null, null, null).label())
                .isEqualTo("sources");
        assertThat(new CalibrationSpec(null, "/", null, null, null).label()).isEqualTo("/");
        assertThat(CalibrationSpec.code().label()).isEqualTo("code");
    }
}
