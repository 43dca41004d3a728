package dev.fewbit.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDigestTest {
    @TempDir
    private Path directory;

    @Test
    void shouldHashNamesAndDigestsInOrder() throws IOException {
        Files.writeString(directory.resolve("b"), "two");
        Files.writeString(directory.resolve("a"), "one");

        // sha256sum of the lines a, sha256("one"), b, sha256("two")
        assertThat(FileDigest.of(directory, List.of("b", "a")))
                .isEqualTo("0bb6e87e31bc7dd47684f4388b9445900ad8026fadc7a6e88af69a8268f38e4e");
    }

    @Test
    void shouldNoticeAChangeThatLeavesSizeAndTimeOfModificationAlone() throws IOException {
        // Given
        Path file = Files.writeString(directory.resolve("a"), "one");
        FileTime old = FileTime.from(Instant.now().minusSeconds(100));
        Files.setLastModifiedTime(file, old);
        String before = FileDigest.of(directory, List.of("a"));

        // When
        Files.writeString(file, "two");
        Files.setLastModifiedTime(file, old);

        // Then
        assertThat(FileDigest.of(directory, List.of("a"))).isNotEqualTo(before);
    }

    @Test
    void shouldGiveTheSameForAFileThatLiesThereForLong() {
        // Given: a file of this build, settled
        Path directory = Path.of(System.getProperty("fewbit.root"), "reference-model/checkpoint");

        // Then
        for (int i = 0; i < 2; i++) {
            try (Checkpoint checkpoint = Checkpoint.open(directory)) {
                assertThat(checkpoint.digest())
                        .isEqualTo("ef1203e00f62a027167627318b342f13b91efec2085e747947c730eef8c3e087");
            }
        }
    }
}
