package dev.fewbit.quantizer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Gradients of fp32 weights against central differences of the loss. The loss is fp32 inside, good to about 1e-6; with steps of 0.01
 * along a unit direction that makes 1e-4 of the slope, and the third derivative at most some 1e-3 (three times that at steps of 0.02).
 */
class FiniteDifferenceTest {
    private static final double STEP = 0.01;
    private static final double TOLERANCE = 2e-3;

    private final Fixture fixture = new Fixture();

    @ParameterizedTest
    @EnumSource(LayerLinear.class)
    void shouldBeTheSlopeOfTheDivergence(LayerLinear linear) {
        try (Arena arena = Arena.ofShared();
                Checkpoint checkpoint = Fixture.checkpoint()) {
            List<LayerWeights> original = Fixture.layers(arena, checkpoint);
            Objective objective = fixture.objective(arena, checkpoint, original);
            assertSlopes(arena, checkpoint, linear, objective, moved(arena, original));
        }
    }

    @ParameterizedTest
    @EnumSource(LayerLinear.class)
    void shouldBeTheSlopeOfTheDistanceFromAStream(LayerLinear linear) {
        try (Arena arena = Arena.ofShared();
                Checkpoint checkpoint = Fixture.checkpoint()) {
            TokenWindows windows = fixture.windows();
            int tokens = windows.sequences() * windows.length();
            SplittableRandom random = new SplittableRandom(3);
            Matrix input = random(arena, random, tokens, checkpoint.config().hiddenSize(), 1);
            Matrix expected = random(arena, random, tokens, checkpoint.config().hiddenSize(), 1);
            Objective objective = new StreamObjective(input, expected, windows.length());
            assertSlopes(arena, checkpoint, linear, objective, Fixture.layers(arena, checkpoint));
        }
    }

    private void assertSlopes(
            Arena arena, Checkpoint checkpoint, LayerLinear linear, Objective objective, List<LayerWeights> layers) {
        // Given
        TokenWindows windows = fixture.windows();
        LayerStack stack = new LayerStack(arena, checkpoint.config(), windows.length(), layers, TrainedLayers.GROUP);
        int[] all = IntStream.range(0, windows.sequences()).toArray();
        List<Map<LayerLinear, Matrix>> gradients = new ArrayList<>();
        for (LayerWeights layer : layers) {
            Matrix weight = layer.linear(linear);
            Map<LayerLinear, Matrix> sums = new EnumMap<>(LayerLinear.class);
            sums.put(linear, Matrix.allocate(arena, weight.rows(), weight.columns()));
            gradients.add(sums);
        }

        // When
        stack.gradients(all, objective, gradients);

        // Then
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < layers.size(); i++) {
            Matrix weight = layers.get(i).linear(linear);
            Matrix gradient = gradients.get(i).get(linear);
            double norm = Math.sqrt(dot(gradient, gradient));
            assertThat(norm).isGreaterThan(0.01);
            Matrix steepest = scaled(arena, gradient, 1 / norm);
            Matrix any = random(arena, random, weight.rows(), weight.columns(), 1);
            Matrix unit = scaled(arena, any, 1 / Math.sqrt(dot(any, any)));
            for (Matrix direction : List.of(steepest, unit)) {
                Matrix before = weight.copy(arena);
                add(weight, before, direction, STEP);
                double above = stack.loss(all, objective);
                add(weight, before, direction, -STEP);
                double below = stack.loss(all, objective);
                weight.data().copyFrom(before.data());
                assertThat((above - below) / (2 * STEP))
                        .as("layer %d", i)
                        .isCloseTo(dot(gradient, direction), within(TOLERANCE * norm));
            }
        }
    }

    /** Other weights than the original's, so that there is a divergence. */
    private static List<LayerWeights> moved(Arena arena, List<LayerWeights> original) {
        SplittableRandom random = new SplittableRandom(11);
        List<LayerWeights> layers = new ArrayList<>();
        for (LayerWeights weights : original) {
            LayerWeights other = weights.fork();
            for (LayerLinear linear : LayerLinear.values()) {
                Matrix weight = weights.linear(linear).copy(arena);
                add(weight, weight, random(arena, random, weight.rows(), weight.columns(), 0.1), 1);
                other.replace(linear, weight);
            }
            layers.add(other);
        }
        return layers;
    }

    private static Matrix random(Arena arena, SplittableRandom random, int rows, int columns, double deviation) {
        Matrix matrix = Matrix.allocate(arena, rows, columns);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                matrix.set(row, column, (float) random.nextGaussian(0, deviation));
            }
        }
        return matrix;
    }

    private static Matrix scaled(Arena arena, Matrix matrix, double factor) {
        Matrix scaled = Matrix.allocate(arena, matrix.rows(), matrix.columns());
        add(scaled, scaled, matrix, factor);
        return scaled;
    }

    private static void add(Matrix sum, Matrix a, Matrix b, double factor) {
        for (int row = 0; row < sum.rows(); row++) {
            for (int column = 0; column < sum.columns(); column++) {
                sum.set(row, column, (float) (a.get(row, column) + factor * b.get(row, column)));
            }
        }
    }

    private static double dot(Matrix a, Matrix b) {
        double sum = 0;
        for (int row = 0; row < a.rows(); row++) {
            for (int column = 0; column < a.columns(); column++) {
                sum += (double) a.get(row, column) * b.get(row, column);
            }
        }
        return sum;
    }
}
