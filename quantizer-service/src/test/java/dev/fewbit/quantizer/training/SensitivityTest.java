package dev.fewbit.quantizer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.work.WorkDirectory;
import dev.fewbit.quantizer.work.WorkObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void shouldCountWeightsMetricsAndFourWindows() {
        Path reference = Path.of(System.getProperty("fewbit.root"), "reference-model/checkpoint");
        try (Checkpoint checkpoint = Checkpoint.open(reference)) {
            // 4 bytes of: 5 layers of (3904 floats of 4 x 512 tokens, 1,220,608 of metrics, 737,280 of weights), a head
            // of 2048 x 256
            assertThat(Sensitivity.bytes(checkpoint.config(), 512)).isEqualTo(201_162_752L);
        }
    }

    @Test
    void shouldBeReadWhereItWasKept(@TempDir Path directory) throws IOException {
        // Given
        try (Checkpoint checkpoint = Fixture.checkpoint();
                WorkDirectory work = WorkDirectory.open(directory.resolve("work"), "key", WorkObserver.NONE)
                        .orElseThrow()) {
            TokenWindows windows = new Fixture().windows();
            AtomicInteger passes = new AtomicInteger();

            // When
            try (Sensitivity computed = Sensitivity.of(checkpoint, windows, TrainingEngine.HOST)
                            .orElseThrow();
                    Sensitivity first = Sensitivity.of(
                                    checkpoint, windows, work, TrainingEngine.HOST, passes::incrementAndGet)
                            .orElseThrow();
                    Sensitivity second = Sensitivity.of(
                                    checkpoint, windows, work, TrainingEngine.HOST, passes::incrementAndGet)
                            .orElseThrow()) {
                // Then
                assertThat(passes).hasValue(1);
                for (Sensitivity kept : List.of(first, second)) {
                    assertThat(kept.tokenWeights(1, List.of(LayerLinear.DOWN)))
                            .containsExactly(computed.tokenWeights(1, List.of(LayerLinear.DOWN)));
                    assertThat(kept.metric(1, LayerLinear.DOWN).row(3))
                            .containsExactly(
                                    computed.metric(1, LayerLinear.DOWN).row(3));
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
