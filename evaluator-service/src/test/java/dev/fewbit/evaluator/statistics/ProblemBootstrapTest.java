package dev.fewbit.evaluator.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemBootstrapTest {

    @Test
    void shouldBeCloseToTheNormalIntervalWhenThereAreManyProblems() {
        // Given 400 problems of one sample, 280 passed: standard error sqrt(.7 * .3 / 400) = 0.0229
        int[] passed = new int[400];
        Arrays.fill(passed, 0, 280, 1);

        // When
        Interval interval = ProblemBootstrap.interval(passed, 1);

        // Then 0.7 -+ 1.96 * 0.0229 = 0.655, 0.745; the grid of means is 1/400
        assertThat(interval.low()).isEqualTo(0.655, within(0.004));
        assertThat(interval.high()).isEqualTo(0.745, within(0.004));
    }

    @Test
    void shouldBeWiderThanIndependentSamplesWhenProblemsAreAllOrNothing() {
        // Given 60 problems with 10 samples each that all pass or all fail
        int[] passed = new int[60];
        Arrays.fill(passed, 0, 30, 10);

        // When
        Interval interval = ProblemBootstrap.interval(passed, 10);

        // Then as for 60 units, sqrt(.25 / 60) * 1.96 = 0.1265, not for 600, where it would be 0.04
        assertThat(interval.low()).isEqualTo(0.5 - 0.1265, within(0.01));
        assertThat(interval.high()).isEqualTo(0.5 + 0.1265, within(0.01));
    }

    @Test
    void shouldGiveTheSameIntervalWhenAskedAgain() {
        // Given
        int[] passed = {0, 1, 3, 2, 3, 3, 0, 1, 2, 3};

        // When
        Interval first = ProblemBootstrap.interval(passed, 3);

        // Then
        assertThat(ProblemBootstrap.interval(passed, 3)).isEqualTo(first);
    }

    @Test
    void shouldHoldTheEstimateInsideWhenItIsNeitherZeroNorOne() {
        // Given
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 60; round++) {
            int samples = 1 + random.nextInt(4);
            int[] passed = random.ints(1 + random.nextInt(12), 0, samples + 1).toArray();
            double estimate = Arrays.stream(passed).sum() / (double) (passed.length * samples);

            // When
            Interval interval = ProblemBootstrap.interval(passed, samples);

            // Then
            assertThat(interval.low())
                    .as("round %d: %s of %d", round, Arrays.toString(passed), samples)
                    .isBetween(0.0, estimate);
            assertThat(interval.high()).isBetween(estimate, 1.0);
            if (estimate > 0 && estimate < 1) {
                assertThat(interval.holdsInside(estimate)).isTrue();
            }
        }
    }

    /** Wilson's score interval for 5 of 10, 0 of 10 and 10 of 10 (95 %), from the closed form to four places. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1})
    void shouldBeWilsonsIntervalWhenAllProblemsAreEqual(double p) {
        // Given
        int[] passed = new int[10];
        Arrays.fill(passed, (int) (2 * p));

        // When
        Interval interval = ProblemBootstrap.interval(passed, 2);

        // Then
        double low = p == 0 ? 0 : p == 1 ? 0.7225 : 0.2366;
        assertThat(interval.low()).isEqualTo(low, within(5e-5));
        assertThat(interval.high()).isEqualTo(p == 0 ? 0.2775 : p == 1 ? 1 : 0.7634, within(5e-5));
    }
}
