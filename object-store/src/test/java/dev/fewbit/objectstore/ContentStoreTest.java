package dev.fewbit.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.contracts.execution.Content;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentStoreTest {
    private static final int LARGEST_INLINE = 32_768;

    @TempDir
    Path root;

    private ContentStore store;

    @BeforeEach
    void open() {
        store = new ContentStore(new DirectoryBlobStore(root));
    }

    @Test
    void shouldStayInlineWhenTextHas32KiB() throws IOException {
        // Given: the last character takes two bytes
        String text = "x".repeat(LARGEST_INLINE - 2) + "é";
        // When
        Content content = store.write(text);
        // Then
        assertThat(content.inline()).isEqualTo(text);
        assertThat(content.size()).isEqualTo(LARGEST_INLINE);
        assertThat(root.resolve("blobs")).doesNotExist();
        assertThat(store.read(content)).isEqualTo(text);
    }

    @Test
    void shouldGoByDigestWhenTextIsOneByteLonger() throws IOException {
        // Given
        String text = "x".repeat(LARGEST_INLINE - 1) + "é";
        // When
        Content content = store.write(text);
        // Then
        assertThat(content.inline()).isNull();
        assertThat(content.size()).isEqualTo(LARGEST_INLINE + 1);
        assertThat(root.resolve("blobs/" + content.digest().substring(0, 2) + "/" + content.digest()))
                .hasSize(LARGEST_INLINE + 1);
        assertThat(store.read(content)).isEqualTo(text);
    }

    @Test
    void shouldFailWhenInlineTextDoesNotMatchDigest() throws IOException {
        // Given
        Content content = store.write("abc");
        Content forged = new Content(content.digest(), 3, "abd");
        // When // Then
        assertThatThrownBy(() -> store.read(forged))
                .isInstanceOf(IOException.class)
                .hasMessage("inline content does not match its digest " + content.digest());
    }

    @Test
    void shouldFailWhenBlobIsMissing() {
        // Given
        String digest = "0".repeat(64);
        // When // Then
        assertThatThrownBy(() -> store.read(new Content(digest, 40_000, null)))
                .isInstanceOf(IOException.class)
                .hasMessage("the object store has no blob " + digest);
    }
}
