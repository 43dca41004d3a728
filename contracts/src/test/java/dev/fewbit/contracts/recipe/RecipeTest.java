package dev.fewbit.contracts.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.contracts.InvalidSpecException;
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
                "null | 4    | 64   | method     | method is missing; allowed: none or rtn",
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
}
