package dev.fewbit.quantizer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class DivergenceTest {
    @Test
    void shouldGiveDivergenceAndGradientOfKnownDistributions() {
        try (Arena arena = Arena.ofConfined()) {
            // Given: p = (3/4, 1/4) and q = (1/2, 1/2), and a position where they are equal
            Matrix expected = Matrix.allocate(arena, 2, 2);
            expected.setRow(0, new float[] {(float) Math.log(3) + 5, 5});
            Matrix found = Matrix.allocate(arena, 2, 2);
            found.setRow(0, new float[] {-7, -7});

            // When
            double alone = Divergence.of(expected, found);
            double sum = Divergence.withGradient(expected, found, 0.5f);

            // Then: 3/4 ln(3/2) + 1/4 ln(1/2)
            assertThat(sum).isCloseTo(0.13081203594, within(1e-6)).isEqualTo(alone);
            assertThat(found.get(0, 0)).isCloseTo(-0.125f, within(1e-6f));
            assertThat(found.get(0, 1)).isCloseTo(0.125f, within(1e-6f));
            assertThat(found.row(1)).containsExactly(0, 0);
        }
    }
}
