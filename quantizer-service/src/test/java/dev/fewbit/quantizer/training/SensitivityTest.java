package dev.fewbit.quantizer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.matrix.Matrix;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SensitivityTest {
    @Test
    void shouldProbeTheCurvatureOfTheDivergence() {
        // Given: logits of the distribution 0.5, 0.3, 0.2
        double[] p = {0.5, 0.3, 0.2};
        int draws = 40_000;
        SplittableRandom random = new SplittableRandom(1);
        double[][] sums = new double[3][3];

        // When
        for (int draw = 0; draw < draws; draw++) {
            float[] v = new float[3];
            for (int i = 0; i < v.length; i++) {
                v[i] = (float) (2 + Math.log(p[i]));
            }
            DivergenceProbe.direction(v, random);
            assertThat(v[0] + v[1] + v[2]).isCloseTo(0, within(1e-6f));
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 3; j++) {
                    sums[i][j] += (double) v[i] * v[j] / draws;
                }
            }
        }

        // Then: diag(p) - p p', within five standard errors
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                assertThat(sums[i][j]).isCloseTo((i == j ? p[i] : 0) - p[i] * p[j], within(0.006));
            }
        }
    }

    @Test
    void shouldWeighTokensByTheirGradientsAndRepeatItself() {
        // Given
        try (Checkpoint checkpoint = Fixture.checkpoint()) {
            TokenWindows windows = new Fixture().windows();
            int tokens = windows.sequences() * windows.length();

            // When
            try (Sensitivity first = Sensitivity.of(checkpoint, windows, TrainingEngine.HOST)
                            .orElseThrow();
                    Sensitivity second = Sensitivity.of(checkpoint, windows, TrainingEngine.HOST)
                            .orElseThrow()) {
                List<LayerLinear> shared = List.of(LayerLinear.GATE, LayerLinear.UP);
                float[] weights = first.tokenWeights(0, shared);

                // Then
                assertThat(weights).hasSize(tokens).containsExactly(second.tokenWeights(0, shared));
                double mean =
                        IntStream.range(0, tokens).mapToDouble(i -> weights[i]).sum() / tokens;
                assertThat(mean).isCloseTo(1, within(1e-5));
                Matrix metric = first.metric(0, LayerLinear.GATE);
                for (int i = 0; i < metric.rows(); i++) {
                    assertThat(metric.get(i, i)).isPositive();
                    for (int j = 0; j < i; j++) {
                        assertThat(metric.get(i, j)).isCloseTo(metric.get(j, i), within(1e-3f * metric.get(i, i)));
                    }
                    assertThat(metric.row(i))
                            .containsExactly(second.metric(0, LayerLinear.GATE).row(i));
                }
            }
        }
    }

    @Test
    void shouldGiveTheFirstQueryOfAWindowNoWeightWhenItAttendsToItselfAlone() {
        // Given
        try (Checkpoint checkpoint = Fixture.checkpoint()) {
            TokenWindows windows = new Fixture().windows();

            // When
            try (Sensitivity sensitivity =
                    Sensitivity.of(checkpoint, windows, TrainingEngine.HOST).orElseThrow()) {
                float[] queries = sensitivity.tokenWeights(0, List.of(LayerLinear.QUERY));

                // Then: the first position attends to itself alone, whatever its query
                assertThat(queries[0]).isLessThan(1e-4f);
                assertThat(queries[1]).isGreaterThan(1e-4f);
            }
        }
    }
}
