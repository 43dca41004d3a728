package dev.fewbit.quantizer.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.quantizer.matrix.Matrix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamSpaceTest {
    @TempDir
    private Path directory;

    @Test
    void shouldUseFilesBehindTheRoomAndLeaveNoneWithAName() {
        // Given: room for one of two matrices
        StreamSpace space = new StreamSpace(6 * Float.BYTES, directory);
        try (Arena arena = Arena.ofShared()) {
            // When
            Matrix inMemory = space.allocate(arena, 2, 3);
            Matrix inFile = space.allocate(arena, 300_000, 3);
            inFile.set(299_999, 2, 4.5f);

            // Then
            assertThat(inMemory.data().isMapped()).isFalse();
            assertThat(inFile.data().isMapped()).isTrue();
            assertThat(inFile.get(299_999, 2)).isEqualTo(4.5f);
            assertThat(inFile.get(299_999, 1)).isZero();
            assertThat(space.files()).isEqualTo(1);
            assertThat(directory).isEmptyDirectory();
        }
    }

    @Test
    void shouldSayWhereThereIsNoRoomWhenTheDirectoryIsGone() {
        StreamSpace space = new StreamSpace(0, directory.resolve("gone"));
        try (Arena arena = Arena.ofShared()) {
            assertThatThrownBy(() -> space.allocate(arena, 1024, 1024))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageStartingWith(
                            directory.resolve("gone") + ": has no room for 4 MiB of calibration's streams: ");
        }
    }

    /** In a child process that may write files of 1 MiB at most, which the kernel refuses as it does on a full disk. */
    static final class Limited {
        private Limited() {}

        public static void main(String[] arguments) {
            try (Arena arena = Arena.ofShared()) {
                new StreamSpace(0, Path.of(arguments[0])).allocate(arena, 1024, 1024);
                System.out.print("allocated");
            } catch (UncheckedIOException e) {
                System.out.print(e.getMessage());
            }
        }
    }

    @Test
    void shouldSayWhatThereIsNoRoomForWhenTheDiskIsFull() throws IOException, InterruptedException {
        Process limited = new ProcessBuilder(
                        "bash",
                        "-c",
                        "ulimit -f 1024 && exec \"$@\"",
                        "limited",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Limited.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(limited.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(limited.waitFor(30, TimeUnit.SECONDS)).isTrue();

        assertThat(said)
                .isEqualTo(
                        directory
                                + ": has no room for 4 MiB of calibration's streams: File too large; make room, or raise the memory limit");
        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({"8G, 8589934592", "512MiB, 536870912", "3k, 3072", "1T, 1099511627776", "4096, 4096"})
    void shouldReadSizes(String text, long bytes) {
        assertThat(MemoryLimit.parse(text).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "8 G", "8GB", "eight", "999999999999T"})
    void shouldRefuseWhatIsNoSize(String text) {
        assertThatThrownBy(() -> MemoryLimit.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("memory limit '" + text + "'; allowed: a size such as 8G, 512M or 8GiB");
    }
}
