package dev.fewbit.launcher.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.launcher.LauncherException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    private Path temporary;

    @Test
    void shouldRefuseDirectoryWhenAnotherHoldsIt() {
        // Given
        Path path = temporary.resolve("data");
        try (DataDirectory held = DataDirectory.open(path)) {
            // When / Then
            assertThatThrownBy(() -> DataDirectory.open(held.root()))
                    .isInstanceOf(LauncherException.class)
                    .hasMessage(path + " is in use by another fewbit process; stop it or choose another directory");
        }
    }

    @Test
    void shouldOpenAgainWhenReleased() {
        // Given
        Path path = temporary.resolve("data");
        DataDirectory.open(path).close();

        // When
        try (DataDirectory again = DataDirectory.open(path)) {
            // Then
            assertThat(again.store()).isDirectory();
            assertThat(again.log("gateway")).isEqualTo(path.resolve("logs/gateway.log"));
        }
    }

    @Test
    void shouldRefusePathWhenKafkaWouldTakeItForTwo() {
        // Given
        Path path = temporary.resolve("a,b");

        // When / Then
        assertThatThrownBy(() -> DataDirectory.open(path))
                .isInstanceOf(LauncherException.class)
                .hasMessage(path + " holds a comma; allowed: a path without, as Kafka's directories are a list");
        assertThat(path).doesNotExist();
    }

    @Test
    void shouldNameFileWhenDirectoryCannotBeMade() throws IOException {
        // Given
        Path file = Files.writeString(temporary.resolve("file"), "");

        // When / Then
        assertThatThrownBy(() -> DataDirectory.open(file.resolve("data")))
                .isInstanceOf(LauncherException.class)
                .hasMessageStartingWith(file.resolve("data") + " cannot be written: ")
                .hasMessageNotContaining("\n");
    }
}
