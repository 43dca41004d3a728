package dev.fewbit.quantizer.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ExponentialTest {
    @Test
    void shouldBeRightToAboutOneUnitInTheLastPlace() {
        // Given
        SplittableRandom random = new SplittableRandom(5);
        float[] x = new float[100_000];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextDouble(-86, 87);
        }
        float[] found = x.clone();

        // When
        Exponential.ofDifferences(found, found.length, 0);

        // Then
        double worst = 0;
        for (int i = 0; i < x.length; i++) {
            double exact = Math.exp(x[i]);
            worst = Math.max(worst, Math.abs(found[i] - exact) / exact);
        }
        assertThat(worst).isPositive().isLessThan(3e-7);
    }

    @Test
    void shouldReplaceTheFirstValuesOnlyAndStopAtTheEndsOfItsRange() {
        float[] values = {1, 3, -200, 500, 7};

        Exponential.ofDifferences(values, 4, 1);

        assertThat(values[0]).isEqualTo(1);
        assertThat(values[1]).isEqualTo(Exponential.of(2));
        assertThat(values[2]).isEqualTo(Exponential.of(-87)).isPositive();
        assertThat(values[3]).isEqualTo(Exponential.of(88)).isFinite();
        assertThat(values[4]).isEqualTo(7);
    }
}
