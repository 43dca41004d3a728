package dev.fewbit.model.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchDirectoryTest {
    private static final FileTime LONG_AGO = FileTime.from(Instant.now().minus(Duration.ofHours(1)));

    @TempDir
    Path parent;

    /** Another process that makes one, says where, and holds it until it is killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws IOException {
            ScratchDirectory scratch = ScratchDirectory.create(Path.of(arguments[0]));
            System.out.println(scratch.path());
            System.in.read();
        }
    }

    @Test
    void shouldRemoveWhatAKilledProcessLeftAndNothingThatALivingOneUses() throws Exception {
        // Given: another process has one, as old as an abandoned one, and so do we
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        parent.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (ScratchDirectory ours = ScratchDirectory.create(parent);
                BufferedReader output = process.inputReader()) {
            Path theirs = Path.of(output.readLine());
            Files.writeString(theirs.resolve("weights.bin"), "weights");
            Files.setLastModifiedTime(theirs, LONG_AGO);
            Files.setLastModifiedTime(ours.path(), LONG_AGO);

            // When, Then: it lives
            ScratchDirectory.create(parent).close();
            assertThat(parent).isDirectoryContaining(theirs::equals).isDirectoryContaining(ours.path()::equals);
            assertThat(theirs).isNotEmptyDirectory();

            // When, Then: it was killed
            process.destroyForcibly().waitFor();
            Files.setLastModifiedTime(theirs, LONG_AGO);
            ScratchDirectory.create(parent).close();
            assertThat(theirs).doesNotExist();
            assertThat(ours.path()).isNotEmptyDirectory();
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void shouldLeaveAYoungOneAloneWhenItHasNoLockYet() throws IOException {
        // Given
        Path young = Files.createDirectory(parent.resolve("fewbit-model-1"));
        Path other = Files.createDirectory(parent.resolve("another-directory"));
        Files.setLastModifiedTime(other, LONG_AGO);

        // When
        ScratchDirectory.create(parent).close();

        // Then
        assertThat(young).exists();
        assertThat(other).exists();
    }
}
