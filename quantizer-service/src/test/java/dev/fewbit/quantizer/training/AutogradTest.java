package dev.fewbit.quantizer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AutogradTest {
    private static final double TOLERANCE = 1e-4;

    private final Fixture fixture = new Fixture();

    @Test
    void shouldGiveTheLossAndGradientsOfPyTorchForEveryCodeAndScale() {
        try (Arena arena = Arena.ofShared();
                Checkpoint checkpoint = Fixture.checkpoint()) {
            // Given
            List<LayerWeights> original = Fixture.layers(arena, checkpoint);
            List<Map<LayerLinear, BlockQuantizedWeight>> start = fixture.start(checkpoint);
            List<LatentLayer> layers = new ArrayList<>();
            for (int i = 0; i < original.size(); i++) {
                layers.add(new LatentLayer(arena, original.get(i), start.get(i)));
            }
            Objective objective = fixture.objective(arena, checkpoint, original);
            LayerStack stack = new LayerStack(
                    arena,
                    checkpoint.config(),
                    fixture.windows().length(),
                    layers.stream().map(LatentLayer::weights).toList(),
                    TrainedLayers.GROUP);
            int[] windows = IntStream.range(0, fixture.windows().sequences()).toArray();

            // When
            double loss = stack.gradients(
                    windows,
                    objective,
                    layers.stream().map(LatentLayer::gradients).toList());
            layers.forEach(layer -> layer.linears().values().forEach(LatentLinear::throughRounding));

            // Then
            assertThat(loss).isCloseTo(fixture.loss(), within(TOLERANCE * fixture.loss()));
            assertThat(stack.loss(windows, objective)).isCloseTo(loss, within(1e-6 * loss));
            for (int i = 0; i < layers.size(); i++) {
                for (Map.Entry<LayerLinear, LatentLinear> entry :
                        layers.get(i).linears().entrySet()) {
                    String name = entry.getKey().weight(i);
                    assertThat(distance(elements(entry.getValue().gradient()), fixture.codeGradient(name)))
                            .as("codes of %s", name)
                            .isLessThan(TOLERANCE);
                    assertThat(distance(entry.getValue().logScaleGradient(), fixture.scaleGradient(name)))
                            .as("scales of %s", name)
                            .isLessThan(TOLERANCE);
                }
            }
        }
    }

    @Test
    void shouldBeginAtWhatTheStartStandsFor() {
        try (Arena arena = Arena.ofShared();
                Checkpoint checkpoint = Fixture.checkpoint()) {
            for (Map<LayerLinear, BlockQuantizedWeight> layer : fixture.start(checkpoint)) {
                layer.forEach((linear, weight) -> {
                    // Given
                    Matrix expected = Matrix.allocate(arena, weight.n(), weight.k());
                    weight.dequantize(expected.data());

                    // When
                    LatentLinear latent = new LatentLinear(arena, weight);

                    // Then
                    assertThat(elements(latent.restored())).as("%s", linear).isEqualTo(elements(expected));
                    assertThat(latent.packed().codes().mismatch(weight.codes())).isEqualTo(-1);
                    assertThat(latent.packed().scales().mismatch(weight.scales()))
                            .isEqualTo(-1);
                });
            }
        }
    }

    /** {@code ||found - expected|| / ||expected||}. */
    private static double distance(float[] found, float[] expected) {
        assertThat(found).hasSameSizeAs(expected);
        double error = 0;
        double norm = 0;
        for (int i = 0; i < found.length; i++) {
            error += Math.pow((double) found[i] - expected[i], 2);
            norm += Math.pow(expected[i], 2);
        }
        return Math.sqrt(error / norm);
    }

    private static float[] elements(Matrix matrix) {
        float[] elements = new float[matrix.rows() * matrix.columns()];
        for (int row = 0; row < matrix.rows(); row++) {
            System.arraycopy(matrix.row(row), 0, elements, row * matrix.columns(), matrix.columns());
        }
        return elements;
    }
}
