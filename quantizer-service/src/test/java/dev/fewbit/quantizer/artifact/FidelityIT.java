package dev.fewbit.quantizer.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.contracts.artifact.ArtifactManifest;
import dev.fewbit.contracts.artifact.TextFidelity;
import dev.fewbit.contracts.recipe.CalibrationSpec;
import dev.fewbit.contracts.recipe.FidelitySpec;
import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.tokenizer.Tokenizer;
import dev.fewbit.objectstore.DirectoryArtifactStore;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.TinyCheckpoint;
import dev.fewbit.quantizer.forward.DecoderForward;
import dev.fewbit.quantizer.matrix.Matrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FidelityIT {
    private static final List<String> TEXTS =
            List.of("The rain has stopped.", "No, it is still raining hard outside. ".repeat(3), "and so on", "a");

    @TempDir
    private Path directory;

    private Path checkpoint;

    @BeforeEach
    void write() throws IOException {
        // Norms that let layers and logits count
        TinyCheckpoint tiny = new TinyCheckpoint("BF16");
        for (int i = 0; i < TinyCheckpoint.HIDDEN; i++) {
            tiny.with("model.norm.weight", i, 4);
            for (int layer = 0; layer < TinyCheckpoint.LAYERS; layer++) {
                tiny.with("model.layers." + layer + ".input_layernorm.weight", i, 4);
                tiny.with("model.layers." + layer + ".post_attention_layernorm.weight", i, 4);
            }
        }
        checkpoint = tiny.write(directory.resolve("checkpoint"));
        StringBuilder lines = new StringBuilder();
        for (String text : TEXTS) {
            lines.append("{\"text\": \"").append(text).append("\"}\n");
        }
        Files.writeString(directory.resolve("held.jsonl"), lines);
        Files.writeString(
                directory.resolve("more.jsonl"), "{\"text\": \"" + "some text of another kind. ".repeat(20) + "\"}\n");
    }

    @Test
    void shouldBeWhatTheDefinitionsGiveOnEachDocumentAlone() {
        // Given
        Recipe recipe = Recipe.roundToNearest(2).withFidelity(new FidelitySpec("held.jsonl", null));

        // When
        ArtifactManifest manifest =
                new LocalQuantization(directory).quantize(checkpoint, recipe, directory.resolve("artifact"));

        // Then: in fp64 from the logits of each document, computed by itself
        TextFidelity found = manifest.fidelity().code();
        double[] expected = divergenceAndLosses(recipe);
        assertThat(found.tokens()).isEqualTo((int) expected[3]);
        assertThat(found.klMean()).isGreaterThan(1e-3).isCloseTo(expected[0], within(expected[0] * 1e-3));
        assertThat(found.perplexity()).isCloseTo(expected[1], within(1e-3));
        assertThat(found.referencePerplexity()).isCloseTo(expected[2], within(1e-3));
        assertThat(manifest.fidelity().text()).isNull();
        assertThat(manifest.provenance().fidelityTexts()).containsOnlyKeys("code");
    }

    @Test
    void shouldGiveTheSameFromTheKeptBaseline() throws IOException {
        // Given
        Recipe recipe = Recipe.roundToNearest(3).withFidelity(new FidelitySpec("held.jsonl", "more.jsonl"));
        LocalQuantization quantization = new LocalQuantization(directory);

        // When
        ArtifactManifest computed = quantization.quantize(checkpoint, recipe, directory.resolve("one"));
        ArtifactManifest kept = quantization.quantize(checkpoint, recipe, directory.resolve("two"));

        // Then
        assertThat(kept).isEqualTo(computed);
        assertThat(computed.fidelity().text().tokens()).isEqualTo(63);
        try (Stream<Path> files = Files.list(directory.resolve(".fewbit/cache"))) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void shouldMakeAnotherArtifactWhenTheTextIsAnother() throws IOException {
        // Given
        StoredQuantization stored = new StoredQuantization(
                new DirectoryArtifactStore(directory.resolve("store")),
                ArtifactTexts.of(directory),
                directory.resolve("unfinished"));
        Recipe recipe = Recipe.roundToNearest(4).withFidelity(new FidelitySpec("held.jsonl", null));
        String first = stored.quantize(checkpoint, recipe, Instant.now(), BuildObserver.NONE)
                .id();

        // When: a file of the same name with another text
        Files.copy(directory.resolve("more.jsonl"), directory.resolve("held.jsonl.new"));
        Files.delete(directory.resolve("held.jsonl"));
        Files.move(directory.resolve("held.jsonl.new"), directory.resolve("held.jsonl"));
        StoredArtifact second = stored.quantize(checkpoint, recipe, Instant.now(), BuildObserver.NONE);

        // Then
        assertThat(second.reused()).isFalse();
        assertThat(second.id()).isNotEqualTo(first);
    }

    @Test
    void shouldRefuseToMeasureOnWhatWasCalibratedOn() {
        CalibrationSpec calibration = new CalibrationSpec(null, "more.jsonl", 4, 16, null);
        Recipe recipe = new Recipe(Method.GPTQ, 4, 64, false, calibration, null)
                .withFidelity(new FidelitySpec("held.jsonl", "more.jsonl"));

        assertThatThrownBy(() ->
                        new LocalQuantization(directory).quantize(checkpoint, recipe, directory.resolve("artifact")))
                .isInstanceOf(QuantizationException.class)
                .hasMessage(
                        "fidelity.text: " + directory.resolve("more.jsonl")
                                + ": document more.jsonl:1 is also document more.jsonl:1 of the calibration text; allowed: others");
        assertThat(directory.resolve("artifact")).doesNotExist();
    }

    /** Mean KL, both perplexities and the number of positions. */
    private double[] divergenceAndLosses(Recipe recipe) {
        double divergence = 0;
        double loss = 0;
        double originalLoss = 0;
        int positions = 0;
        try (Arena arena = Arena.ofConfined();
                Checkpoint opened = Checkpoint.open(checkpoint);
                Tokenizer tokenizer = Tokenizer.open(checkpoint)) {
            DecoderForward original = new DecoderForward(arena, opened, 64);
            DecoderForward quantized = RestoredDecoder.of(arena, opened, recipe, 64);
            for (String text : TEXTS) {
                int[] ids = IntStream.concat(IntStream.of(tokenizer.encode(text)), IntStream.of(1))
                        .limit(64)
                        .toArray();
                Matrix a = original.logits(arena, ids);
                Matrix b = quantized.logits(arena, ids);
                for (int at = 0; at + 1 < ids.length; at++, positions++) {
                    double[] p = logarithms(a.row(at));
                    double[] q = logarithms(b.row(at));
                    for (int v = 0; v < p.length; v++) {
                        divergence += Math.exp(p[v]) * (p[v] - q[v]);
                    }
                    loss -= q[ids[at + 1]];
                    originalLoss -= p[ids[at + 1]];
                }
            }
        }
        return new double[] {
            divergence / positions, Math.exp(loss / positions), Math.exp(originalLoss / positions), positions
        };
    }

    private static double[] logarithms(float[] logits) {
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit);
        }
        double norm = Math.log(sum);
        return IntStream.range(0, logits.length)
                .mapToDouble(v -> logits[v] - norm)
                .toArray();
    }
}
