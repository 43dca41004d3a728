package dev.fewbit.quantizer.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.contracts.recipe.CalibrationSpec;
import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.TinyCheckpoint;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.method.QuantizingMemory;
import dev.fewbit.quantizer.streams.MemoryLimit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A limit on memory moves streams to files and changes nothing else. */
class MemoryLimitIT {
    private static final Path REFERENCE = Path.of(System.getProperty("fewbit.root"), "reference-model");
    private static final int SEQUENCES = 6;
    private static final int LENGTH = 16;

    @TempDir
    private Path directory;

    private Path checkpoint;

    @BeforeEach
    void install() throws IOException {
        checkpoint = new TinyCheckpoint("BF16").write(directory.resolve("checkpoint"));
        Path texts = Files.createDirectories(directory.resolve("reference-model/texts"));
        Files.copy(REFERENCE.resolve("texts/calibration-text.jsonl.gz"), texts.resolve("calibration-text.jsonl.gz"));
    }

    @ParameterizedTest
    @EnumSource(names = {"AWQ", "GPTQ", "GPTQ_PLUS"})
    void shouldGiveTheSameBytesWhenStreamsLieInFiles(Method method) throws IOException {
        // Given
        Path free = directory.resolve("free");
        Path tight = directory.resolve("tight");
        long needed = needs(method).needed();

        // When
        quantize(method, Long.MAX_VALUE, free);
        quantize(method, needed, tight);

        // Then
        try (Stream<Path> files = Files.list(free)) {
            assertThat(files.toList())
                    .isNotEmpty()
                    .allSatisfy(file ->
                            assertThat(tight.resolve(file.getFileName())).hasSameBinaryContentAs(file));
        }
        assertThat(leftBehind()).isEmpty();
    }

    @Test
    void shouldRefuseALimitThatOneLayerDoesNotFitIn() throws IOException {
        long needed = needs(Method.GPTQ_PLUS).needed();
        Path out = directory.resolve("out");

        assertThatThrownBy(() -> quantize(Method.GPTQ_PLUS, needed - 1, out))
                .isInstanceOf(QuantizationException.class)
                .hasMessageMatching(
                        "memory limit of [0-9.]+ MiB: weights, sums and factors of [a-z_.]+ with [0-9]+ inputs"
                                + " take [0-9.]+ MiB; allowed: [0-9]+M or more, by --memory or fewbit.quantizer.memory");
        assertThat(out).doesNotExist();
        assertThat(leftBehind()).isEmpty();
    }

    private List<Path> leftBehind() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(path -> path.getFileName().toString().startsWith("."))
                    .filter(path -> !path.getFileName().toString().equals(".fewbit"))
                    .toList();
        }
    }

    private QuantizingMemory needs(Method method) {
        try (Checkpoint opened = Checkpoint.open(checkpoint)) {
            return QuantizingMemory.of(opened.config(), recipe(method), new TokenWindows(new int[SEQUENCES][LENGTH]));
        }
    }

    private void quantize(Method method, long limit, Path out) {
        new LocalQuantization(ArtifactTexts.of(directory), new MemoryLimit(limit))
                .quantize(checkpoint, recipe(method), out);
    }

    private static Recipe recipe(Method method) {
        return new Recipe(method, 3, 32, false, new CalibrationSpec("random", null, SEQUENCES, LENGTH, 3L), null);
    }
}
