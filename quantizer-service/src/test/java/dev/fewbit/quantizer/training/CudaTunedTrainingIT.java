package dev.fewbit.quantizer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.cuda.Gpu;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.training.cuda.CudaTraining;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A training on the GPU: what the processor's must do, and how near both are. */
class CudaTunedTrainingIT extends TunedTrainingContract {
    /** As the processor's gradients against PyTorch in fp64. */
    private static final double TOLERANCE = 1e-4;

    /** fp32 sums of the same numbers in another order: a few units in the last place, 6e-8, over a depth of some hundred sums. */
    private static final double ORDER = 2e-5;

    @BeforeAll
    static void requireGpu() {
        Gpu.open().close();
    }

    @Override
    TrainingEngine engine() {
        return new CudaTraining();
    }

    @Test
    void shouldGiveTheLossAndGradientsOfPyTorchForEveryCodeAndScale() {
        try (Arena arena = Arena.ofConfined();
                DecoderTraining decoder = engine().decoder(checkpoint, 12);
                TrainedLayers layers = decoder.layers(fixture.windows(), start)) {
            // When
            Gradients found = Gradients.of(arena, layers, all());

            // Then
            assertThat(found.loss).isCloseTo(fixture.loss(), within(TOLERANCE * fixture.loss()));
            assertThat(layers.loss(all())).isCloseTo(found.loss, within(1e-6 * found.loss));
            int at = 0;
            for (int layer = 0; layer < start.size(); layer++) {
                for (LayerLinear linear : start.get(layer).keySet()) {
                    String name = linear.weight(layer);
                    assertThat(distance(found.codes.get(at), fixture.codeGradient(name)))
                            .as("codes of %s", name)
                            .isLessThan(TOLERANCE);
                    assertThat(distance(found.scales.get(at), fixture.scaleGradient(name)))
                            .as("scales of %s", name)
                            .isLessThan(TOLERANCE);
                    at++;
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void shouldGiveTheGradientsOfTheProcessor(Mode mode) {
        try (Arena arena = Arena.ofConfined()) {
            // When
            Gradients expected = gradients(arena, mode, TrainingEngine.HOST);
            Gradients found = gradients(arena, mode, engine());

            // Then
            assertThat(found.loss).isCloseTo(expected.loss, within(ORDER * expected.loss));
            for (int i = 0; i < expected.codes.size(); i++) {
                assertThat(distance(found.codes.get(i), expected.codes.get(i)))
                        .as("codes of linear %d", i)
                        .isLessThan(ORDER);
                assertThat(distance(found.scales.get(i), expected.scales.get(i)))
                        .as("scales of linear %d", i)
                        .isLessThan(ORDER);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void shouldBeginAtWhatTheStartStandsFor(Mode mode) {
        // When: no step is made
        TrainingSpec none = new TrainingSpec(0, 9, 0.05, 5e-3, 2, 0.1, 0, 3, 1, 2, 2, 0);

        // Then
        assertSame(mode.train(training(none, TrainingStore.NONE, TrainingObserver.NONE), start), start);
    }

    @Test
    void shouldWriteTheWindowsOfTheProcessor() {
        try (DecoderTraining host = TrainingEngine.HOST.decoder(checkpoint, 12);
                DecoderTraining gpu = engine().decoder(checkpoint, 12)) {
            // Given
            int[][] prompts = fixture.windows().ids();

            // Then: a number that another order of sums takes to another token is one in about 1e5, and there are 630
            assertThat(gpu.write(70, prompts, 3, 9)).isDeepEqualTo(host.write(70, prompts, 3, 9));
        }
    }

    @Test
    void shouldGiveTheSensitivityOfTheProcessor() {
        TokenWindows windows = fixture.windows();
        try (Sensitivity expected =
                        Sensitivity.of(checkpoint, windows, TrainingEngine.HOST).orElseThrow();
                Sensitivity found =
                        Sensitivity.of(checkpoint, windows, engine()).orElseThrow()) {
            for (int layer = 0; layer < start.size(); layer++) {
                for (LayerLinear linear : LayerLinear.values()) {
                    List<LayerLinear> alone = List.of(linear);
                    assertThat(distance(found.tokenWeights(layer, alone), expected.tokenWeights(layer, alone)))
                            .as("weights of %d %s", layer, linear)
                            .isLessThan(ORDER);
                    assertThat(distance(floats(found.metric(layer, linear)), floats(expected.metric(layer, linear))))
                            .as("metric of %d %s", layer, linear)
                            .isLessThan(ORDER);
                }
            }
        }
    }

    private static float[] floats(Matrix matrix) {
        return matrix.data().toArray(ValueLayout.JAVA_FLOAT);
    }

    private Gradients gradients(Arena arena, Mode mode, TrainingEngine engine) {
        return switch (mode) {
            case END_TO_END -> {
                try (DecoderTraining decoder = engine.decoder(checkpoint, 12);
                        TrainedLayers layers = decoder.layers(fixture.windows(), start)) {
                    yield Gradients.of(arena, layers, all());
                }
            }
            case LAYER_BY_LAYER -> {
                try (StreamTraining streams = engine.streams(checkpoint, fixture.windows())) {
                    streams.enter(0);
                    streams.leave(start.getFirst());
                    streams.enter(1);
                    try (TrainedLayers layer = streams.layer(start.get(1))) {
                        yield Gradients.of(arena, layer, all());
                    }
                }
            }
        };
    }

    /** More windows than a group, so that gradients are summed over two. */
    private int[] all() {
        int windows = fixture.windows().sequences();
        return IntStream.range(0, 3 * windows).map(i -> i % windows).toArray();
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

    /**
     * Gradients as Adam's mean holds them behind a first step at rate 0.
     *
     * @param codes of {@code u}, linear by linear
     * @param scales of {@code l}
     */
    private record Gradients(double loss, List<float[]> codes, List<float[]> scales) {

        static Gradients of(Arena arena, TrainedLayers layers, int[] windows) {
            double loss = layers.gradients(windows);
            // A decay of the mean of 0 leaves the gradient as it is.
            layers.step(new Adam(0, 0.95, 1e-10).at(1), 0, 0);
            List<MemorySegment> state = layers.state(arena);
            List<float[]> codes = new ArrayList<>();
            List<float[]> scales = new ArrayList<>();
            for (int i = 0; i < state.size(); i += 4) {
                codes.add(state.get(i + 1).toArray(ValueLayout.JAVA_FLOAT));
                float[] logScales = state.get(i + 3).toArray(ValueLayout.JAVA_FLOAT);
                int count = logScales.length / 3;
                float[] mean = new float[count];
                System.arraycopy(logScales, count, mean, 0, count);
                scales.add(mean);
            }
            return new Gradients(loss, codes, scales);
        }
    }
}
