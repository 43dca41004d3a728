package dev.fewbit.quantizer.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.contracts.artifact.ArtifactManifest;
import dev.fewbit.contracts.artifact.LayerError;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.objectstore.DirectoryArtifactStore;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.TinyCheckpoint;
import dev.fewbit.quantizer.inspection.ArtifactTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalQuantizationTest {
    private static final String Q_PROJ = "model.layers.0.self_attn.q_proj.weight";

    @TempDir
    private Path directory;

    private final LocalQuantization quantization = new LocalQuantization();
    private Path checkpoint;

    @BeforeEach
    void writeCheckpoint() throws IOException {
        checkpoint = new TinyCheckpoint("BF16").write(directory.resolve("checkpoint"));
    }

    @Test
    void shouldWriteAllFilesAndAManifestThatInspectionConfirmsWhenQuantizing() throws IOException {
        // When
        Path out = directory.resolve("out");
        ArtifactManifest manifest = quantization.quantize(checkpoint, Recipe.roundToNearest(3), out);

        // Then
        assertThat(names(out))
                .containsExactly(
                        "config.json",
                        "fewbit.json",
                        "generation_config.json",
                        "model-fp16.onnx",
                        "model.onnx",
                        "tokenizer.json",
                        "weights.bin");
        assertThat(new ArtifactInspector().read(out)).isEqualTo(manifest);
        assertThat(manifest.files())
                .containsOnlyKeys(
                        "config.json",
                        "generation_config.json",
                        "model-fp16.onnx",
                        "model.onnx",
                        "tokenizer.json",
                        "weights.bin");
        assertThat(manifest.sizes().storedBytes())
                .isEqualTo(Files.size(out.resolve("model.onnx")) + Files.size(out.resolve("weights.bin")));
        assertThat(manifest.layers()).extracting(LayerError::name).hasSize(14).startsWith(Q_PROJ);
        assertThat(manifest.layers()).allSatisfy(layer -> {
            assertThat(layer.bits()).isEqualTo(3);
            assertThat(layer.relativeError()).isBetween(0.05, 0.5);
        });
        assertThat(names(directory)).containsExactly("checkpoint", "out");
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 8, 4, 3, 2})
    void shouldGiveTheSameBytesWhateverTheNumberOfThreads(int bits) throws Exception {
        // Given
        Recipe recipe = recipe(bits);
        quantization.quantize(checkpoint, recipe, directory.resolve("one"));

        // When: a parallel stream runs in the pool that starts it
        try (ForkJoinPool pool = new ForkJoinPool(5)) {
            pool.submit(() -> quantization.quantize(checkpoint, recipe, directory.resolve("two")))
                    .get();
        }

        // Then
        assertThat(DirectoryArtifactStore.digestOf(directory.resolve("two")))
                .isEqualTo(DirectoryArtifactStore.digestOf(directory.resolve("one")));
    }

    @Test
    void shouldStoreEachWidthInItsOwnBytes() throws IOException {
        // When
        long four = linearBytes(4);
        long three = linearBytes(3);
        long two = linearBytes(2);

        // Then: hidden 48 in one block of 64, intermediate 80 in two; a row's zero points fill a byte at every width
        // rows with K 48: 2 layers * (48 + 16 + 16 + 48 + 80 + 80) = 576; rows with K 80: 2 * 48 = 96
        assertThat(four).isEqualTo(576 * (32 + 2 + 1) + 96 * (64 + 4 + 1));
        assertThat(three).isEqualTo(576 * (24 + 2 + 1) + 96 * (48 + 4 + 1));
        assertThat(two).isEqualTo(576 * (16 + 2 + 1) + 96 * (32 + 4 + 1));
    }

    @Test
    void shouldStoreHalvesWhenTheCheckpointIsFp32() throws IOException {
        Path full = new TinyCheckpoint("F32").write(directory.resolve("fp32"));

        ArtifactManifest manifest = quantization.quantize(full, Recipe.baseline(), directory.resolve("out"));

        // 16 bits: 576 * 48 + 96 * 80 weights of linears
        assertThat(manifest.sizes().linearStoredBytes()).isEqualTo(2 * (576 * 48 + 96 * 80));
        assertThat(manifest.sizes().bitsPerWeight()).isEqualTo(16);
        assertThat(manifest.layers()).isEmpty();
    }

    @Test
    void shouldNameTheTensorAndLeaveNothingWhenAWeightIsNoNumber() throws IOException {
        Path broken = new TinyCheckpoint("BF16").with(Q_PROJ, 5, Float.NaN).write(directory.resolve("broken"));

        assertThatThrownBy(() -> quantization.quantize(broken, Recipe.roundToNearest(4), directory.resolve("out")))
                .isInstanceOf(QuantizationException.class)
                .hasMessage("tensor '" + Q_PROJ + "' holds NaN; allowed: finite weights");
        assertThat(names(directory)).containsExactly("broken", "checkpoint");
    }

    @Test
    void shouldRefuseWhenOutExistsOrItsParentDoesNot() throws IOException {
        Path out = Files.createDirectory(directory.resolve("out"));

        assertThatThrownBy(() -> quantization.quantize(checkpoint, Recipe.baseline(), out))
                .isInstanceOf(QuantizationException.class)
                .hasMessage(
                        out
                                + ": exists already; allowed: a path where nothing is yet, or --overwrite to replace an artifact");
        Path deep = directory.resolve("no/where");
        assertThatThrownBy(() -> quantization.quantize(checkpoint, Recipe.baseline(), deep))
                .hasMessage(deep + ": cannot be written: " + directory.resolve("no")
                        + " is no directory; allowed: a path in an existing one");
    }

    @Test
    void shouldReplaceAnArtifactWhenAskedTo() throws IOException {
        // Given
        Path out = directory.resolve("out");
        quantization.quantize(checkpoint, Recipe.roundToNearest(2), out);

        // When
        ArtifactManifest manifest =
                quantization.quantize(checkpoint, Recipe.roundToNearest(4), out, true, BuildObserver.NONE);

        // Then
        assertThat(ManifestJson.read(Files.readString(out.resolve("fewbit.json")), "fewbit.json"))
                .isEqualTo(manifest);
        assertThat(manifest.recipe().bits()).isEqualTo(4);
        assertThat(names(directory)).containsExactly("checkpoint", "out");
    }

    @Test
    void shouldKeepTheOldArtifactWhenItsSuccessorFails() throws IOException {
        // Given
        Path out = directory.resolve("out");
        ArtifactManifest old = quantization.quantize(checkpoint, Recipe.roundToNearest(2), out);

        // When
        assertThatThrownBy(() -> quantization.quantize(
                        checkpoint, Recipe.roundToNearest(4), out, true, (done, total, weights) -> {
                            if (done == 5) {
                                throw new BuildStoppedException("cancelled");
                            }
                        }))
                .isInstanceOf(BuildStoppedException.class);

        // Then
        assertThat(ManifestJson.read(Files.readString(out.resolve("fewbit.json")), "fewbit.json"))
                .isEqualTo(old);
        assertThat(names(directory)).containsExactly("checkpoint", "out");
    }

    @Test
    void shouldNotReplaceWhatIsNoArtifact() throws IOException {
        // Given
        Path out = Files.createDirectory(directory.resolve("out"));
        Files.writeString(out.resolve("thesis.txt"), "mine");

        // Then
        assertThatThrownBy(() -> quantization.quantize(checkpoint, Recipe.baseline(), out, true, BuildObserver.NONE))
                .isInstanceOf(QuantizationException.class)
                .hasMessage(out
                        + ": is no artifact (it has no fewbit.json) and is not overwritten; allowed: an artifact, or a "
                        + "path where nothing is yet");
        assertThat(names(out)).containsExactly("thesis.txt");
    }

    @Test
    void shouldBringTheOldArtifactBackWhenARunDiedBetweenTheTwoNames() throws IOException {
        // Given: the old one was put aside, the new one had not got its name
        Path out = directory.resolve("out");
        ArtifactManifest old = quantization.quantize(checkpoint, Recipe.roundToNearest(2), out);
        Files.move(out, directory.resolve(".out.replaced"));

        // When
        assertThatThrownBy(() -> quantization.quantize(checkpoint, Recipe.roundToNearest(4), out))
                .hasMessageStartingWith(out + ": exists already");

        // Then
        assertThat(ManifestJson.read(Files.readString(out.resolve("fewbit.json")), "fewbit.json"))
                .isEqualTo(old);
        assertThat(names(directory)).containsExactly("checkpoint", "out");
    }

    @Test
    void shouldPassTheReadersLineOnWhenTheCheckpointIsInvalid() {
        Path missing = directory.resolve("missing");

        assertThatThrownBy(() -> quantization.quantize(missing, Recipe.baseline(), directory.resolve("out")))
                .isInstanceOf(QuantizationException.class)
                .hasMessageStartingWith(missing + ": no such directory");
    }

    @Test
    void shouldReportEveryLinearAndStopWhenTheObserverSaysSo() throws IOException {
        // Given
        List<Integer> seen = new ArrayList<>();

        // When
        assertThatThrownBy(() -> quantization.quantize(
                        checkpoint,
                        Recipe.roundToNearest(4),
                        directory.resolve("out"),
                        false,
                        (done, total, weights) -> {
                            seen.add(done);
                            assertThat(total).isEqualTo(14);
                            if (done == 3) {
                                throw new BuildStoppedException("cancelled");
                            }
                        }))
                .isInstanceOf(BuildStoppedException.class);

        // Then
        assertThat(seen).containsExactly(0, 1, 2, 3);
        assertThat(names(directory)).containsExactly("checkpoint");
    }

    @Test
    void shouldNameTheFileWhenAnArtifactWasChanged() throws IOException {
        // Given
        Path out = directory.resolve("out");
        quantization.quantize(checkpoint, Recipe.roundToNearest(2), out);
        Files.writeString(out.resolve("weights.bin"), "x", StandardOpenOption.APPEND);

        // Then
        assertThatThrownBy(() -> new ArtifactInspector().read(out))
                .isInstanceOf(QuantizationException.class)
                .hasMessageStartingWith(out.resolve("weights.bin") + ": was changed: its SHA-256 is ");
        Files.delete(out.resolve("weights.bin"));
        assertThatThrownBy(() -> new ArtifactInspector().read(out))
                .hasMessage(out + ": has no weights.bin, which fewbit.json names");
        Files.writeString(out.resolve("fewbit.json"), "{\"schemaVersion\": 9}");
        assertThatThrownBy(() -> new ArtifactInspector().read(out))
                .hasMessage(out.resolve("fewbit.json") + ": schemaVersion is 9; allowed: 1");
        assertThatThrownBy(() -> new ArtifactInspector().read(directory))
                .hasMessage(directory + ": not an artifact: it has no fewbit.json");
    }

    @Test
    void shouldShowSizesAndEveryLayerWhenRenderedAsATable() {
        ArtifactManifest manifest =
                quantization.quantize(checkpoint, Recipe.roundToNearest(4), directory.resolve("out"));

        String table = new ArtifactTable().render(manifest);

        assertThat(table)
                .contains(
                        "4 bits, rtn, block 64, asymmetric",
                        "ONNX Runtime 1.29, CPU, exact mode",
                        "bits a weight, stored");
        assertThat(table.lines().filter(line -> line.startsWith("model.layers.")))
                .hasSize(14);
    }

    private long linearBytes(int bits) {
        return quantization
                .quantize(checkpoint, recipe(bits), directory.resolve("out-" + bits))
                .sizes()
                .linearStoredBytes();
    }

    private static Recipe recipe(int bits) {
        return bits == Recipe.BASELINE_BITS ? Recipe.baseline() : Recipe.roundToNearest(bits);
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }
}
