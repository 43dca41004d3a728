package dev.fewbit.quantizer.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.contracts.artifact.ArtifactManifest;
import dev.fewbit.contracts.recipe.FidelitySpec;
import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.architecture.CheckpointWeights;
import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.decoder.Architecture;
import dev.fewbit.model.session.ArithmeticMode;
import dev.fewbit.model.session.DecoderSession;
import dev.fewbit.model.session.SessionSettings;
import dev.fewbit.quantizer.ArchitectureFixtures;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.calibration.CalibrationWindows;
import dev.fewbit.quantizer.forward.DecoderForward;
import dev.fewbit.quantizer.forward.ForwardSupport;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A tiny checkpoint of every architecture by methods with and without calibration; few of their linears have inputs that a block divides. */
class ArchitecturesTest {
    private static final int BLOCK_SIZE = 32;
    private static final float TOLERANCE = 1e-4f;
    private static final int[] TOKENS =
            IntStream.range(0, 48).map(i -> (i * 37 + 11) % 80).toArray();

    @TempDir
    private Path directory;

    static List<String> fixtures() {
        return ArchitectureFixtures.names();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void shouldRunAtEveryWidthAndErrMoreTheFewerTheBits(String fixture) {
        // Given
        float[] baseline = logits(fixture, Recipe.baseline(), ArithmeticMode.EXACT);

        // When
        List<Double> exact = new ArrayList<>();
        List<Double> fast = new ArrayList<>();
        for (int bits : new int[] {8, 4, 3, 2}) {
            Recipe recipe = new Recipe(Method.RTN, bits, BLOCK_SIZE, false);
            exact.add(distance(logits(fixture, recipe, ArithmeticMode.EXACT), baseline));
            fast.add(distance(logits(fixture, recipe, ArithmeticMode.FAST), baseline));
        }

        // Then: a step of 8 bits over a block of normal weights is a fiftieth of their deviation
        assertThat(exact).isSorted();
        assertThat(exact.getFirst()).isBetween(1e-5, 0.05);
        assertThat(exact.get(1)).isLessThan(0.6);
        assertThat(fast.getFirst()).isBetween(1e-5, 0.08);
    }

    static List<String> computed() {
        return ArchitectureFixtures.names(
                decoder -> ForwardSupport.missing(decoder).isEmpty());
    }

    @Test
    void shouldComputeTheseOnItsOwn() {
        assertThat(computed()).isEqualTo(fixtures());
    }

    @ParameterizedTest
    @MethodSource("computed")
    void shouldComputeTheLogitsOfTheGraph(String fixture) throws IOException {
        // Given: the weights as they are, past windows and lengths first learned
        Path graph = Files.createDirectory(directory.resolve("graph"));
        float[] expected;
        float[] found;
        try (Arena arena = Arena.ofConfined();
                Checkpoint checkpoint = Checkpoint.open(ArchitectureFixtures.DIRECTORY.resolve(fixture))) {
            DecoderGraph.write(checkpoint.config(), new CheckpointWeights(checkpoint), graph);
            try (DecoderSession session = session(graph, ArithmeticMode.EXACT)) {
                expected = session.prefillLogits(0, TOKENS).values();
            }

            // When
            DecoderForward decoder = new DecoderForward(arena, checkpoint, TOKENS.length);
            found = decoder.logits(arena, TOKENS).data().toArray(ValueLayout.JAVA_FLOAT);
        }

        // Then
        assertThat(found).containsExactly(expected, within(TOLERANCE));
    }

    @ParameterizedTest
    @MethodSource("computed")
    void shouldErrLessThanRoundingToNearestWhenCalibrated(String fixture) throws IOException {
        double nearest = calibratedError(fixture, Method.RTN, 4);
        assertThat(calibratedError(fixture, Method.GPTQ, 4)).isLessThan(nearest);
        assertThat(calibratedError(fixture, Method.GPTQ_PLUS, 3)).isLessThan(calibratedError(fixture, Method.RTN, 3));
    }

    @BeforeEach
    void writeLetters() throws IOException {
        ArchitectureFixtures.writeLetters(directory);
    }

    private Path withLetters(String fixture) throws IOException {
        return ArchitectureFixtures.withLetters(fixture, directory);
    }

    /** Mean over calibration windows of the distance of all their logits from the 16-bit model's. */
    private double calibratedError(String fixture, Method method, int bits) throws IOException {
        Recipe recipe = new Recipe(
                method, bits, BLOCK_SIZE, true, method == Method.RTN ? null : ArchitectureFixtures.LETTERS, null);
        Path source = withLetters(fixture);
        Path out = artifact(source, recipe);
        Path baseline = artifact(source, Recipe.baseline());
        int[][] windows;
        try (Checkpoint checkpoint = Checkpoint.open(source)) {
            windows = new CalibrationWindows(directory)
                    .draw(ArchitectureFixtures.LETTERS, checkpoint)
                    .windows()
                    .ids();
        }
        double error = 0;
        try (DecoderSession found = session(out, ArithmeticMode.EXACT);
                DecoderSession expected = session(baseline, ArithmeticMode.EXACT)) {
            for (int[] ids : windows) {
                error += distance(
                        found.prefillLogits(0, ids).values(),
                        expected.prefillLogits(0, ids).values());
            }
        }
        return error / windows.length;
    }

    @Test
    void shouldHaveAFixtureOfEveryArchitecture() throws IOException {
        Set<String> covered = new TreeSet<>();
        for (String fixture : fixtures()) {
            try (Checkpoint checkpoint = Checkpoint.open(ArchitectureFixtures.DIRECTORY.resolve(fixture))) {
                covered.add(checkpoint.config().architecture());
            }
        }

        assertThat(covered)
                .containsExactlyInAnyOrderElementsOf(
                        Architecture.all().stream().map(Architecture::name).toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            qwen3       | GPTQ_PLUS_TUNED | other norms than two of root mean squares a layer | rtn, gptq or gptq+
            granite     | GPTQ_PLUS_TUNED | multipliers or a soft cap of its own              | rtn, gptq or gptq+
            gpt-bigcode | GPTQ_PLUS_TUNED | learned positions                                 | rtn, gptq or gptq+
            phi-4-mini  | GPTQ_PLUS_TUNED | magnified or partial rotary positions             | rtn, gptq or gptq+
            mistral     | GPTQ_PLUS_TUNED | a window, soft cap or scale in attention          | rtn, gptq or gptq+
            gemma       | AWQ             | norms that add 1 to their gains                   | rtn, gptq or gptq+
            starcoder2  | AWQ             | an MLP without a gate                             | rtn, gptq or gptq+
            """)
    void shouldRefuseInOneLineWhenTheMethodIsNotBuiltForTheArchitecture(
            String fixture, Method method, String has, String allowed) {
        Path checkpoint = ArchitectureFixtures.DIRECTORY.resolve(fixture);
        Recipe recipe = new Recipe(method, 4, BLOCK_SIZE, false, ArchitectureFixtures.LETTERS, null);
        Path out = directory.resolve("out");

        assertThatThrownBy(() -> new LocalQuantization(directory).quantize(checkpoint, recipe, out))
                .isInstanceOf(QuantizationException.class)
                .hasMessage("%s: method %s of %s is not built yet, it has %s; allowed: %s"
                        .formatted(
                                checkpoint, method, ModelConfig.read(checkpoint).architecture(), has, allowed));
        assertThat(out).doesNotExist();
    }

    @Test
    void shouldRefuseInOneLineWhenTheActivationIsNotBuilt() throws IOException {
        Path checkpoint = withLetters("starcoder2");
        Path config = checkpoint.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("gelu_pytorch_tanh", "gelu"));
        Recipe recipe = new Recipe(Method.GPTQ, 4, BLOCK_SIZE, false, ArchitectureFixtures.LETTERS, null);
        Path out = directory.resolve("out");

        assertThatThrownBy(() -> new LocalQuantization(directory).quantize(checkpoint, recipe, out))
                .isInstanceOf(QuantizationException.class)
                .hasMessage(checkpoint + ": method gptq of Starcoder2ForCausalLM is not built yet, it has GELU by the"
                        + " error function; allowed: rtn without fidelity");
        assertThat(out).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("computed")
    void shouldMeasureFidelityOnTheEmbeddingThatIsStored(String fixture) throws IOException {
        // Given: 8 bits everywhere, and 4 in the embedding
        FidelitySpec held = new FidelitySpec(ArchitectureFixtures.LETTERS.file(), null);
        Recipe fine = new Recipe(Method.RTN, 8, BLOCK_SIZE, false, null, 8, null, null, held, null);
        Recipe coarse = new Recipe(Method.RTN, 8, BLOCK_SIZE, false, null, 4, null, null, held, null);

        // When
        double least = divergence(fixture, fine);
        double more = divergence(fixture, coarse);

        // Then
        assertThat(least).isBetween(1e-9, 0.01);
        assertThat(more).isBetween(5 * least, 1.0);
    }

    private double divergence(String fixture, Recipe recipe) throws IOException {
        Path out = directory.resolve("embedding-" + recipe.embeddingBits());
        return new LocalQuantization(directory)
                .quantize(withLetters(fixture), recipe, out)
                .fidelity()
                .code()
                .klMean();
    }

    @Test
    void shouldSayWhatIsLeftOutOfTheSteps() throws IOException {
        // Given: Gemma-2 has norms behind attention and MLP
        Path checkpoint = withLetters("gemma-2");
        Recipe recipe = new Recipe(Method.GPTQ_PLUS, 3, BLOCK_SIZE, false, ArchitectureFixtures.LETTERS, null);
        List<String> notes = new ArrayList<>();
        BuildObserver observer = new BuildObserver() {
            @Override
            public void linearsWritten(int done, int total, long weights) {
                assertThat(total).isEqualTo(3 * 7);
            }

            @Override
            public void note(String text) {
                notes.add(text);
            }
        };

        // When
        new LocalQuantization(directory).quantize(checkpoint, recipe, directory.resolve("out"), false, observer);

        // Then
        assertThat(notes)
                .contains(
                        checkpoint
                                + ": norms stand between linears and the residual stream; steps.residual is left out",
                        checkpoint + ": steps.weights is not built yet for Gemma2ForCausalLM, it has multipliers or a"
                                + " soft cap of its own; all tokens and outputs count the same");
    }

    @Test
    void shouldRefuseInOneLineWhenTrainingIsNotBuiltForTheArchitectureWhateverTheDevice() {
        Path checkpoint = ArchitectureFixtures.DIRECTORY.resolve("qwen2.5-coder");
        Recipe recipe = new Recipe(Method.GPTQ_PLUS_TUNED, 4, BLOCK_SIZE, false, ArchitectureFixtures.LETTERS, null);
        LocalQuantization quantization = new LocalQuantization(ArtifactTexts.of(directory), Device.CUDA);
        Path out = directory.resolve("out");

        assertThatThrownBy(() -> quantization.quantize(checkpoint, recipe, out))
                .isInstanceOf(QuantizationException.class)
                .hasMessage(checkpoint + ": method gptq+tuned of Qwen2ForCausalLM is not built yet, it has linears with"
                        + " biases; allowed: rtn, gptq or gptq+");
    }

    private float[] logits(String fixture, Recipe recipe, ArithmeticMode mode) {
        try (DecoderSession session =
                session(artifact(ArchitectureFixtures.DIRECTORY.resolve(fixture), recipe), mode)) {
            return session.prefillLogits(0, TOKENS).values();
        }
    }

    private Path artifact(Path checkpoint, Recipe recipe) {
        Path out = directory.resolve(checkpoint.getFileName() + "-" + recipe.method() + "-" + recipe.bits());
        if (!Files.exists(out)) {
            ArtifactManifest manifest = new LocalQuantization(directory).quantize(checkpoint, recipe, out);
            assertThat(manifest.layers())
                    .allSatisfy(layer -> assertThat(layer.bits()).isEqualTo(recipe.bits()));
        }
        return out;
    }

    private static DecoderSession session(Path artifact, ArithmeticMode mode) {
        return DecoderSession.open(artifact, new SessionSettings(1, 1, TOKENS.length, mode));
    }

    private static double distance(float[] logits, float[] baseline) {
        double error = 0;
        double norm = 0;
        for (int i = 0; i < logits.length; i++) {
            error += Math.pow(logits[i] - baseline[i], 2);
            norm += Math.pow(baseline[i], 2);
        }
        return Math.sqrt(error / norm);
    }
}
