package dev.fewbit.quantizer.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.contracts.artifact.ArtifactManifest;
import dev.fewbit.contracts.recipe.CalibrationSpec;
import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.quantizer.TinyCheckpoint;
import dev.fewbit.quantizer.calibration.TextDocument;
import dev.fewbit.quantizer.calibration.TextDocuments;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CalibratedArtifactIT {
    private static final Path REFERENCE = Path.of(System.getProperty("fewbit.root"), "reference-model");
    private static final CalibrationSpec CODE = new CalibrationSpec("code", null, 16, 256, null);
    private static final CalibrationSpec RANDOM = new CalibrationSpec("random", null, 5, 16, 3L);

    @TempDir
    private Path directory;

    /** An installation whose held-out text is short. */
    @BeforeEach
    void install() throws IOException {
        Path model = Files.createDirectory(directory.resolve("reference-model"));
        Files.createSymbolicLink(
                model.resolve("checkpoint"), REFERENCE.resolve("checkpoint").toAbsolutePath());
        Path texts = Files.createDirectory(model.resolve("texts"));
        for (String name : List.of("calibration-code.jsonl.gz", "calibration-text.jsonl.gz")) {
            Files.createSymbolicLink(
                    texts.resolve(name),
                    REFERENCE.resolve("texts").resolve(name).toAbsolutePath());
        }
        List<TextDocument> documents = TextDocuments.read(REFERENCE.resolve("texts/heldout-code.jsonl.gz"));
        StringBuilder some = new StringBuilder();
        for (TextDocument document : documents.subList(0, 12)) {
            some.append(new JsonMapper().writeValueAsString(Map.of("text", document.text())))
                    .append('\n');
        }
        try (GZIPOutputStream packed =
                new GZIPOutputStream(Files.newOutputStream(texts.resolve("heldout-code.jsonl.gz")))) {
            packed.write(some.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void shouldStayNearerToTheModelWithEachBetterMethod(int bits) {
        // When
        double rtn = divergence(Method.RTN, bits);
        double gptq = divergence(Method.GPTQ, bits);
        double plus = divergence(Method.GPTQ_PLUS, bits);

        // Then
        assertThat(plus).isPositive().isLessThan(gptq);
        assertThat(gptq).isLessThan(rtn);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GPTQ", "GPTQ_PLUS", "GPTQ_PLUS_TUNED"})
    void shouldGiveTheSameBytesWhateverTheNumberOfThreads(Method method) throws IOException {
        // Given: short last blocks everywhere
        Path tiny = new TinyCheckpoint("BF16").write(directory.resolve("tiny"));
        Recipe recipe = new Recipe(method, 3, 32, false, RANDOM, null);

        // When
        ArtifactManifest one = withThreads(1, tiny, recipe);
        ArtifactManifest four = withThreads(4, tiny, recipe);

        // Then
        assertThat(four).isEqualTo(one);
        assertThat(one.provenance().calibrationDigest()).isNotNull();
        assertThat(one.provenance().deviceClass()).startsWith("cpu-");
        assertThat(one.fidelity()).isNull();
    }

    @Test
    void shouldKnowOtherWindowsByTheirDigest() throws IOException {
        Path tiny = new TinyCheckpoint("BF16").write(directory.resolve("tiny"));
        CalibrationSpec other = new CalibrationSpec("random", null, 5, 16, 4L);

        String first = withThreads(2, tiny, new Recipe(Method.GPTQ, 4, 64, true, RANDOM, null))
                .provenance()
                .calibrationDigest();
        String second = withThreads(2, tiny, new Recipe(Method.GPTQ, 4, 64, true, other, null))
                .provenance()
                .calibrationDigest();

        assertThat(second).isNotEqualTo(first);
    }

    private double divergence(Method method, int bits) {
        Recipe recipe = new Recipe(method, bits, 64, false, CODE, null);
        Path out = directory.resolve(method + "-" + bits);
        return new LocalQuantization(directory)
                .quantize(REFERENCE.resolve("checkpoint"), recipe, out)
                .fidelity()
                .code()
                .klMean();
    }

    private ArtifactManifest withThreads(int threads, Path checkpoint, Recipe recipe) {
        try (ForkJoinPool pool = new ForkJoinPool(threads)) {
            Path out = directory.resolve("out-" + threads + "-" + recipe.hashCode());
            return pool.submit(() -> new LocalQuantization(directory).quantize(checkpoint, recipe, out))
                    .join();
        }
    }
}
