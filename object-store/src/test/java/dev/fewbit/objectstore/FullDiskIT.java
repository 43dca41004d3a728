package dev.fewbit.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A write that the kernel refuses half way, as it does on a full disk. The limit on file size ({@code ulimit -f}) needs no root
 * and no disk to fill: {@code write(2)} first writes less than asked, then fails.
 */
class FullDiskIT {
    private static final int BLOB_BYTES = 1 << 20;
    private static final String LIMIT_KIB = "512";

    @TempDir
    Path root;

    /** Runs in the limited child process: prints what the store throws. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] args) {
            try {
                new DirectoryBlobStore(Path.of(args[0])).put(new byte[BLOB_BYTES]);
                System.out.print("stored");
            } catch (IOException e) {
                System.out.print(e.getMessage());
            }
        }
    }

    @Test
    void shouldLeaveNothingWhenDiskRefusesBytes() throws IOException, InterruptedException {
        // Given
        Process writer = new ProcessBuilder(
                        "bash",
                        "-c",
                        "ulimit -f " + LIMIT_KIB + " && exec \"$@\"",
                        "writer",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-UsePerfData",
                        "-Xmx32m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        root.toString())
                .redirectErrorStream(true)
                .start();
        // When
        String said = new String(writer.getInputStream().readAllBytes());
        assertThat(writer.waitFor(30, TimeUnit.SECONDS)).isTrue();
        // Then
        assertThat(said).isEqualTo("File too large");
        try (Stream<Path> entries = Files.walk(root)) {
            List<Path> files = entries.filter(Files::isRegularFile).toList();
            assertThat(files).isEmpty();
        }
    }
}
