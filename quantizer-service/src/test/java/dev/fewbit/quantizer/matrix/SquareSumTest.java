package dev.fewbit.quantizer.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SquareSumTest {
    private static final int TOKENS = 70;

    @ParameterizedTest
    @ValueSource(ints = {1, 64, 77, 200})
    void shouldBeTheSumOfProductsOnBothSidesOfTheDiagonal(int columns) {
        try (Arena arena = Arena.ofShared()) {
            // Given
            SplittableRandom random = new SplittableRandom(columns);
            Matrix inputs = Matrix.allocate(arena, TOKENS, columns);
            for (int token = 0; token < TOKENS; token++) {
                for (int column = 0; column < columns; column++) {
                    inputs.set(token, column, (float) random.nextGaussian());
                }
            }

            // When: summed twice
            Matrix sum = Matrix.allocate(arena, columns, columns);
            Products.addSquare(inputs, sum);
            Products.addSquare(inputs, sum);
            Products.mirror(sum);

            // Then
            for (int i = 0; i < columns; i++) {
                for (int j = 0; j < columns; j++) {
                    double expected = 0;
                    for (int token = 0; token < TOKENS; token++) {
                        expected += 2.0 * inputs.get(token, i) * inputs.get(token, j);
                    }
                    assertThat((double) sum.get(i, j)).isCloseTo(expected, within(1e-4));
                    assertThat(sum.get(i, j)).isEqualTo(sum.get(j, i));
                }
            }
        }
    }
}
