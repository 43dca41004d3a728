package dev.fewbit.quantizer.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.TinyCheckpoint;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.method.QuantizationMethod;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A reader in Python that knows docs/formats.md and nothing of our code finds the weights that we stored. */
class StrangersReaderIT {
    private static final Path SCRIPT = Path.of(
            System.getProperty("fewbit.root"), "quantizer-service", "src", "test", "python", "read_artifact.py");
    private static final List<List<LayerLinear>> STORED_TOGETHER = List.of(
            List.of(LayerLinear.QUERY, LayerLinear.KEY, LayerLinear.VALUE),
            List.of(LayerLinear.ATTENTION_OUTPUT),
            List.of(LayerLinear.GATE, LayerLinear.UP),
            List.of(LayerLinear.DOWN));

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"3, 32, false", "3, 64, true", "3, 128, false", "2, 32, false", "4, 64, true", "8, 32, false"})
    void shouldReadTheWeightsThatWereStored(int bits, int blockSize, boolean symmetric) throws Exception {
        // Given: rows of 48 and 80 inputs, so that last blocks are short
        Path checkpoint = new TinyCheckpoint("BF16").write(directory.resolve("checkpoint"));
        Recipe recipe = new Recipe(Method.RTN, bits, blockSize, symmetric);
        Path artifact = directory.resolve("artifact");
        new LocalQuantization().quantize(checkpoint, recipe, artifact);

        // When
        List<String> found = read(artifact);

        // Then
        assertThat(found).isEqualTo(expected(checkpoint, recipe));
    }

    private static List<String> read(Path artifact) throws IOException, InterruptedException {
        Process python = new ProcessBuilder("/usr/bin/python3", SCRIPT.toString(), artifact.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String text = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(python.waitFor()).isZero();
        return text.lines().toList();
    }

    private static List<String> expected(Path checkpoint, Recipe recipe) throws NoSuchAlgorithmException {
        List<String> lines = new ArrayList<>();
        try (Arena arena = Arena.ofConfined();
                Checkpoint opened = Checkpoint.open(checkpoint);
                QuantizationMethod method = QuantizationMethod.of(recipe)) {
            for (int layer = 0; layer < TinyCheckpoint.LAYERS; layer++) {
                for (List<LayerLinear> together : STORED_TOGETHER) {
                    MessageDigest digest = MessageDigest.getInstance("SHA-256");
                    int n = 0;
                    int k = 0;
                    for (LayerLinear linear : together) {
                        BlockQuantizedWeight weight =
                                (BlockQuantizedWeight) method.apply(opened.tensor(linear.weight(layer)))
                                        .weight();
                        Matrix restored = Matrix.allocate(arena, weight.n(), weight.k());
                        weight.dequantize(restored.data());
                        digest.update(restored.data().toArray(ValueLayout.JAVA_BYTE));
                        n += restored.rows();
                        k = restored.columns();
                    }
                    lines.add("%d %d %d %s"
                            .formatted(recipe.bits(), n, k, HexFormat.of().formatHex(digest.digest())));
                }
            }
        }
        return lines;
    }
}
