package dev.fewbit.quantizer.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.contracts.artifact.ArtifactManifest;
import dev.fewbit.contracts.recipe.FidelitySpec;
import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.contracts.recipe.StepsSpec;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.decoder.Positions;
import dev.fewbit.quantizer.ArchitectureFixtures;
import dev.fewbit.quantizer.artifact.ArtifactTexts;
import dev.fewbit.quantizer.artifact.Device;
import dev.fewbit.quantizer.artifact.LocalQuantization;
import dev.fewbit.quantizer.forward.DecoderForward;
import dev.fewbit.quantizer.forward.ForwardSupport;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.streams.CalibrationStreams;
import dev.fewbit.quantizer.streams.HostEngine;
import dev.fewbit.quantizer.streams.InputSums;
import dev.fewbit.quantizer.streams.LayerInputs;
import dev.fewbit.quantizer.streams.SumsWanted;
import dev.fewbit.quantizer.streams.WindowEmbedding;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A tiny checkpoint of every architecture, host and device side by side. Bounds are those of {@link CudaStreamsIT}: a value is some products
 * and norms of fp32 deep, a difference of streams that are a tenth apart has lost a digit.
 */
class CudaArchitecturesIT {
    private static final int WINDOWS = 3;
    /** More than the queries that the device computes at a time, and no multiple of anything. */
    private static final int LENGTH = 600;

    private static final double TOLERANCE = 1e-5;
    private static final double TOLERANCE_OF_DIFFERENCES = 2e-4;
    /** What is rounded from sums whose last bits differ: here and there another code. */
    private static final Percentage TWO_PERCENT = Percentage.withPercentage(2);

    /** What is made of the streams' differences, without the searches that turn a last bit into another grid of a linear as small as these. */
    private static final StepsSpec TARGET_ALONE = new StepsSpec(false, true, true, false, 0, false, null);

    @TempDir
    private Path directory;

    /** The largest distances that were seen. */
    private static final class Seen {
        private double sums;
        private double differences;
        private final List<Double> streams = new ArrayList<>();
    }

    static List<String> fixtures() {
        return ArchitectureFixtures.names();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void shouldSumAndAdvanceAsTheProcessorDoes(String fixture) {
        Gpu.open().close();
        Seen seen = new Seen();
        try (Checkpoint checkpoint = Checkpoint.open(ArchitectureFixtures.DIRECTORY.resolve(fixture))) {
            // Given: as long as positions go
            ModelConfig config = checkpoint.config();
            int length =
                    config.decoder().positions() instanceof Positions.Learned(String name, int count) ? count : LENGTH;
            int[][] ids = ids(config.vocabSize(), length);
            WindowEmbedding embedding = (window, x) -> DecoderForward.embed(checkpoint, ids[window], x);
            try (CalibrationStreams host = new HostEngine().open(config, WINDOWS, length, embedding, embedding);
                    CalibrationStreams cuda = new CudaEngine().open(config, WINDOWS, length, embedding, embedding)) {
                for (int layer = 0; layer < config.layers(); layer++) {
                    // When
                    layer(checkpoint, layer, length, host, cuda, seen);
                    seen.streams.add(streams(host, cuda, config.hiddenSize(), length));
                }
            }
        }

        // Then
        System.out.printf(
                "%-15s streams behind each layer %s, sums %.1e, differences %.1e%n",
                fixture,
                seen.streams.stream().map("%.1e"::formatted).collect(Collectors.joining(" ")),
                seen.sums,
                seen.differences);
        assertThat(seen.streams).allSatisfy(distance -> assertThat(distance).isLessThan(TOLERANCE));
        assertThat(seen.sums).isLessThan(TOLERANCE);
        assertThat(seen.differences).isLessThan(TOLERANCE_OF_DIFFERENCES);
    }

    private static void layer(
            Checkpoint checkpoint, int layer, int length, CalibrationStreams host, CalibrationStreams cuda, Seen seen) {
        try (Arena arena = Arena.ofShared()) {
            LayerWeights full = LayerWeights.of(arena, checkpoint, layer);
            host.layer(full, full.fork());
            cuda.layer(full, full.fork());
            for (LayerInputs inputs : LayerInputs.values()) {
                SumsWanted wanted = new SumsWanted(true, true, layer == 0 ? null : tokenWeights(length));
                InputSums found = cuda.sums(arena, inputs, wanted);
                InputSums expected = host.sums(arena, inputs, wanted);
                seen.sums = larger(seen.sums, found.products(), expected.products());
                assertThat(found.residual() == null).isEqualTo(expected.residual() == null);
                // In front of the first layer, both streams are one.
                if (layer > 0) {
                    seen.differences = larger(seen.differences, found.deviation(), expected.deviation());
                    seen.differences = expected.residual() == null
                            ? seen.differences
                            : larger(seen.differences, found.residual(), expected.residual());
                }
                for (LayerLinear linear : inputs.linears(checkpoint.config())) {
                    Matrix other = other(arena, full.linear(linear));
                    host.replace(linear, other);
                    cuda.replace(linear, other);
                }
                host.advance(inputs);
                cuda.advance(inputs);
            }
        }
    }

    /** NaN stays. */
    private static double larger(double most, Matrix found, Matrix expected) {
        return Math.max(most, Matrices.distance(found, expected));
    }

    private static double streams(CalibrationStreams host, CalibrationStreams cuda, int hidden, int length) {
        double most = 0;
        for (int i = 0; i < 2; i++) {
            most = larger(
                    most,
                    new Matrix(cuda.save().get(i), WINDOWS * length, hidden),
                    new Matrix(host.save().get(i), WINDOWS * length, hidden));
        }
        return most;
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void shouldRoundAsFaithfullyAsTheProcessor(String fixture) throws IOException {
        // Given
        Gpu.open().close();
        ArchitectureFixtures.writeLetters(directory);
        Path checkpoint = ArchitectureFixtures.withLetters(fixture, directory);
        List<Recipe> recipes =
                new ArrayList<>(List.of(recipe(Method.GPTQ, 4, null), recipe(Method.GPTQ_PLUS, 3, TARGET_ALONE)));
        if (ForwardSupport.notFoldable(ArchitectureFixtures.config(fixture).decoder())
                .isEmpty()) {
            recipes.add(recipe(Method.AWQ, 4, null));
        }

        for (Recipe recipe : recipes) {
            // When
            ArtifactManifest cpu = quantized(checkpoint, recipe, Device.CPU);
            ArtifactManifest cuda = quantized(checkpoint, recipe, Device.CUDA);

            // Then
            double expected = cpu.fidelity().code().klMean();
            double found = cuda.fidelity().code().klMean();
            System.out.printf("%-15s %-9s KL cpu %.6f, cuda %.6f%n", fixture, recipe.method(), expected, found);
            assertThat(found).isPositive().isCloseTo(expected, TWO_PERCENT);
            assertThat(cuda.layers()).hasSameSizeAs(cpu.layers());
            for (int i = 0; i < cpu.layers().size(); i++) {
                assertThat(cuda.layers().get(i).relativeError())
                        .isCloseTo(cpu.layers().get(i).relativeError(), TWO_PERCENT);
            }
            assertThat(cuda.provenance().deviceClass()).contains("+cuda-");
        }
    }

    private static Recipe recipe(Method method, int bits, StepsSpec steps) {
        FidelitySpec held = new FidelitySpec(ArchitectureFixtures.HELD_OUT, null);
        return new Recipe(method, bits, 32, true, ArchitectureFixtures.LETTERS, null, null, null, held, steps);
    }

    private ArtifactManifest quantized(Path checkpoint, Recipe recipe, Device device) {
        return new LocalQuantization(ArtifactTexts.of(directory), device)
                .quantize(checkpoint, recipe, directory.resolve(recipe.method() + "-" + device));
    }

    /** Each weight up to about a tenth larger or smaller: what goes through it differs from the original by as much. */
    private static Matrix other(Arena arena, Matrix weight) {
        SplittableRandom random = new SplittableRandom(weight.rows());
        Matrix other = weight.copy(arena);
        for (int row = 0; row < weight.rows(); row++) {
            float[] values = weight.row(row);
            for (int i = 0; i < values.length; i++) {
                values[i] *= (float) (1 + 0.1 * random.nextGaussian());
            }
            other.setRow(row, values);
        }
        return other;
    }

    private static float[] tokenWeights(int length) {
        SplittableRandom random = new SplittableRandom(2);
        float[] weights = new float[WINDOWS * length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = 0.5f + random.nextFloat();
        }
        return weights;
    }

    private static int[][] ids(int vocabulary, int length) {
        SplittableRandom random = new SplittableRandom(1);
        int[][] ids = new int[WINDOWS][];
        for (int window = 0; window < WINDOWS; window++) {
            ids[window] = random.ints(length, 0, vocabulary).toArray();
        }
        return ids;
    }
}
