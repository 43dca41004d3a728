package dev.fewbit.sandbox.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchDirectoryTest {
    @TempDir
    Path parent;

    @Test
    void shouldRemoveOnlyWhatWasLeftByAKilledProcessWhenANewOneIsMade() throws IOException {
        // Given: one that lives, one whose lock nobody holds, one without a lock
        ScratchDirectory living = ScratchDirectory.make(parent);
        Path abandoned = Files.createDirectories(parent.resolve("fewbit-sandbox-abandoned/bin"))
                .getParent();
        Files.createFile(abandoned.resolve("lock"));
        Files.createFile(abandoned.resolve("bin/file"));
        Path foreign = Files.createDirectory(parent.resolve("fewbit-sandbox-foreign"));

        // When
        ScratchDirectory next = ScratchDirectory.make(parent);

        // Then
        assertThat(abandoned).doesNotExist();
        assertThat(foreign).exists();
        assertThat(living.path()).exists();
        assertThat(next.path()).exists().isNotEqualTo(living.path());

        // When
        living.close();
        next.close();

        // Then
        assertThat(living.path()).doesNotExist();
        assertThat(next.path()).doesNotExist();
    }
}
