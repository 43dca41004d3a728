package dev.fewbit.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryBlobStoreTest {
    /** SHA-256 of "abc": FIPS 180-4, example B.1. */
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    Path root;

    private DirectoryBlobStore store;

    @BeforeEach
    void open() {
        store = new DirectoryBlobStore(root);
    }

    @Test
    void shouldReturnBytesByDigestWhenStored() throws IOException {
        // When
        String digest = store.put(bytes("abc"));
        // Then
        assertThat(digest).isEqualTo(ABC);
        assertThat(store.get(ABC)).contains(bytes("abc"));
        assertThat(root.resolve("blobs/ba/" + ABC)).hasContent("abc");
    }

    @Test
    void shouldKeepOneFileWhenStoredTwice() throws IOException {
        // Given
        store.put(bytes("abc"));
        // When
        store.put(bytes("abc"));
        // Then
        assertThat(root.resolve("blobs/ba")).isDirectoryContaining(file -> file.endsWith(ABC));
        assertThat(Files.list(root.resolve("blobs/ba")).toList()).hasSize(1);
    }

    @Test
    void shouldAnswerEmptyWhenOnlyWritersLeftoverIsThere() throws IOException {
        // Given: a temporary file of a writer that was killed
        Files.createDirectories(root.resolve("blobs/ba"));
        Files.writeString(root.resolve("blobs/ba/." + ABC + ".6f1d"), "ab");
        // When // Then
        assertThat(store.get(ABC)).isEmpty();
    }

    @Test
    void shouldFailWhenBytesDoNotMatchDigest() throws IOException {
        // Given
        store.put(bytes("abc"));
        Files.writeString(root.resolve("blobs/ba/" + ABC), "abd");
        // When // Then
        assertThatThrownBy(() -> store.get(ABC))
                .isInstanceOf(IOException.class)
                .hasMessage("blob " + ABC + " does not match its digest");
    }

    @Test
    void shouldRefuseDigestWhenItIsPath() {
        assertThatThrownBy(() -> store.get("../../secrets"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a SHA-256 digest: ../../secrets");
    }

    @Test
    void shouldRemoveWhatACrashLeftAndNoBlobWhenCleaning() throws IOException {
        // Given
        store.put(bytes("abc"));
        Path blob = root.resolve("blobs/ba/" + ABC);
        Path interrupted =
                Files.writeString(blob.resolveSibling("." + ABC + ".0f8fad5b-d9cb-469f-a165-70867728950e"), "ab");
        FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofHours(2)));
        Files.setLastModifiedTime(interrupted, longAgo);
        Files.setLastModifiedTime(blob, longAgo);

        // When
        store.removeAbandoned(Duration.ofHours(1));

        // Then
        assertThat(interrupted).doesNotExist();
        assertThat(store.get(ABC)).isPresent();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
