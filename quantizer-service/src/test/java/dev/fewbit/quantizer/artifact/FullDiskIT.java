package dev.fewbit.quantizer.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.TinyCheckpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel refuses bytes half way, as on a full disk: a limit on file size in a child process needs no disk to fill. */
class FullDiskIT {
    /** Far below the 70 KB of the tiny checkpoint's weights at 16 bits. */
    private static final String LIMIT_KIB = "32";

    @TempDir
    private Path directory;

    /** Runs in the limited child process: prints what quantization says. */
    static final class Quantizer {
        private Quantizer() {}

        public static void main(String[] arguments) {
            try {
                new LocalQuantization().quantize(Path.of(arguments[0]), Recipe.baseline(), Path.of(arguments[1]));
                System.out.print("made");
            } catch (QuantizationException e) {
                System.out.print(e.getMessage());
            }
        }
    }

    @Test
    void shouldSayWhyAndLeaveNothingWhenTheDiskIsFull() throws IOException, InterruptedException {
        // Given
        Path checkpoint = new TinyCheckpoint("BF16").write(directory.resolve("checkpoint"));
        Path out = directory.resolve("out");

        // When
        Process quantizer = new ProcessBuilder(
                        "bash",
                        "-c",
                        "ulimit -f " + LIMIT_KIB + " && exec \"$@\"",
                        "quantizer",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-UsePerfData",
                        "-Xmx128m",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Quantizer.class.getName(),
                        checkpoint.toString(),
                        out.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(quantizer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(quantizer.waitFor(30, TimeUnit.SECONDS)).isTrue();

        // Then
        assertThat(said).isEqualTo(out + ": cannot be written: File too large; nothing is left behind");
        try (Stream<Path> entries = Files.list(directory)) {
            assertThat(entries).containsExactly(checkpoint);
        }
    }
}
