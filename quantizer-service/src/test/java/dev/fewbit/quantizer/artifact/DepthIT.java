package dev.fewbit.quantizer.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.quantizer.ShardedCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rounding to nearest streams a checkpoint of many shards through: what it holds does not grow with the layers. */
class DepthIT {
    private static final int HIDDEN = 512;
    private static final int INTERMEDIATE = 1408;
    private static final int SHALLOW = 4;
    private static final int DEEP = 64;
    /** Bytes of 60 layers at 4 bits: {@code 60 * (4 * 512 * 512 + 3 * 512 * 1408) / 2}. */
    private static final long KEPT_CODES = 96_337_920;

    /** Less than half of what would be held if codes were. */
    private static final long MOST_GROWTH = KEPT_CODES / 3;

    @TempDir
    private Path directory;

    /** In a process of its own, whose memory is looked at from outside. */
    static final class Rounding {
        private Rounding() {}

        public static void main(String[] arguments) {
            new LocalQuantization(Path.of(arguments[0]))
                    .quantize(
                            Path.of(arguments[0], "checkpoint"),
                            new Recipe(Method.RTN, 4, 64, false, null, null),
                            Path.of(arguments[0], "out"));
        }
    }

    @Test
    void shouldHoldNoMoreWhenThereAreMoreLayers() throws IOException, InterruptedException {
        // When
        long shallow = peak(SHALLOW);
        long deep = peak(DEEP);

        // Then
        assertThat(deep).isPositive().isLessThan(shallow + MOST_GROWTH);
    }

    /** Most bytes of memory that is no page of a file. */
    private long peak(int layers) throws IOException, InterruptedException {
        Path root = Files.createDirectory(directory.resolve("layers-" + layers));
        new ShardedCheckpoint(HIDDEN, INTERMEDIATE, layers).write(root.resolve("checkpoint"));
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:-UsePerfData",
                        "-Xms16m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Rounding.class.getName(),
                        root.toString())
                .redirectErrorStream(true)
                .redirectOutput(root.resolve("log").toFile())
                .start();
        long most = 0;
        while (!child.waitFor(10, TimeUnit.MILLISECONDS)) {
            most = Math.max(most, anonymous(child.pid()));
        }
        assertThat(child.waitFor()).as(Files.readString(root.resolve("log"))).isZero();
        assertThat(root.resolve("out/weights.bin")).exists();
        return most;
    }

    private static long anonymous(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith("RssAnon:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            // It ended between the two.
            return 0;
        }
    }
}
