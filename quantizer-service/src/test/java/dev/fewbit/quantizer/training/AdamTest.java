package dev.fewbit.quantizer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AdamTest {
    @Test
    void shouldMoveAsCalculatedByHandOverTwoSteps() {
        // Given
        Adam adam = new Adam(0.9, 0.99, 0);
        float[] value = {1};
        float[] mean = {0};
        float[] square = {0};

        // When
        adam.at(1).move(value, new float[] {2}, mean, square, 0.1);

        // Then: m = 0.2, v = 0.04; corrected 2 and 4; 1 - 0.1 * 2 / 2
        assertThat(value[0]).isCloseTo(0.9f, within(1e-6f));
        assertThat(mean[0]).isCloseTo(0.2f, within(1e-7f));
        assertThat(square[0]).isCloseTo(0.04f, within(1e-7f));

        // When
        adam.at(2).move(value, new float[] {-1}, mean, square, 0.05);

        // Then: m = 0.18 - 0.1 = 0.08, v = 0.0396 + 0.01 = 0.0496; corrected by 0.19 and 0.0199: 0.4210526, 2.4924623;
        // 0.9 - 0.05 * 0.4210526 / 1.5787534 = 0.8866650
        assertThat(mean[0]).isCloseTo(0.08f, within(1e-7f));
        assertThat(square[0]).isCloseTo(0.0496f, within(1e-7f));
        assertThat(value[0]).isCloseTo(0.8866650f, within(1e-6f));
    }

    @Test
    void shouldStayWhereItIsWithoutGradient() {
        // Given
        float[] value = {3};

        // When
        new Adam(0.9, 0.99, 1e-10).at(1).move(value, new float[1], new float[1], new float[1], 0.1);

        // Then
        assertThat(value).containsExactly(3);
    }
}
