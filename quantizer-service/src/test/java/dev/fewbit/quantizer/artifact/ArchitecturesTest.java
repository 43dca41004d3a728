package dev.fewbit.quantizer.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.contracts.artifact.ArtifactManifest;
import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.decoder.Architecture;
import dev.fewbit.model.session.ArithmeticMode;
import dev.fewbit.model.session.DecoderSession;
import dev.fewbit.model.session.SessionSettings;
import dev.fewbit.quantizer.QuantizationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Round to nearest on a tiny checkpoint of every architecture; few of their linears have inputs that a block divides. */
class ArchitecturesTest {
    static final Path FIXTURES = Path.of(
            System.getProperty("fewbit.root"),
            "model-runtime/src/test/resources/dev/fewbit/model/transformers/architectures");
    private static final int BLOCK_SIZE = 32;
    private static final int[] TOKENS =
            IntStream.range(0, 48).map(i -> (i * 37 + 11) % 80).toArray();

    @TempDir
    private Path directory;

    static Stream<String> fixtures() throws IOException {
        try (Stream<Path> entries = Files.list(FIXTURES)) {
            return entries
                    .filter(Files::isDirectory)
                    .map(entry -> entry.getFileName().toString())
                    .sorted()
                    .toList()
                    .stream();
        }
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

    @Test
    void shouldHaveAFixtureOfEveryArchitecture() throws IOException {
        Set<String> covered = new TreeSet<>();
        for (String fixture : fixtures().toList()) {
            try (Checkpoint checkpoint = Checkpoint.open(FIXTURES.resolve(fixture))) {
                covered.add(checkpoint.config().architecture());
            }
        }

        assertThat(covered)
                .containsExactlyInAnyOrderElementsOf(
                        Architecture.all().stream().map(Architecture::name).toList());
    }

    @Test
    void shouldRefuseInOneLineWhenTheMethodHasNoForwardPassForTheArchitecture() {
        Recipe recipe = new Recipe(Method.GPTQ, 4, BLOCK_SIZE, false);

        assertThatThrownBy(() ->
                        new LocalQuantization().quantize(FIXTURES.resolve("qwen3"), recipe, directory.resolve("out")))
                .isInstanceOf(QuantizationException.class)
                .hasMessage(
                        FIXTURES.resolve("qwen3") + ": method gptq of Qwen3ForCausalLM is not built yet, it has other"
                                + " norms than two of root mean squares a layer; allowed: rtn without fidelity");
        assertThat(directory).isEmptyDirectory();
    }

    private float[] logits(String fixture, Recipe recipe, ArithmeticMode mode) {
        Path out = directory.resolve(fixture + "-" + recipe.bits());
        if (!Files.exists(out)) {
            ArtifactManifest manifest = new LocalQuantization().quantize(FIXTURES.resolve(fixture), recipe, out);
            assertThat(manifest.layers())
                    .allSatisfy(layer -> assertThat(layer.bits()).isEqualTo(recipe.bits()));
        }
        try (DecoderSession session = DecoderSession.open(out, new SessionSettings(1, 1, 48, mode))) {
            return session.prefillLogits(0, TOKENS).values();
        }
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
