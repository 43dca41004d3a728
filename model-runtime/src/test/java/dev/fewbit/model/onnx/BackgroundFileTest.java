package dev.fewbit.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackgroundFileTest {
    /** More than all buffers hold, and no whole number of them. */
    private static final int BYTES = (19 << 20) + 12_345;

    @TempDir
    private Path directory;

    @Test
    void shouldHoldAndDigestWhatWasAppendedWhenThereIsMoreThanBuffersHold()
            throws IOException, NoSuchAlgorithmException {
        // Given
        byte[] bytes = new byte[BYTES];
        new Random(1).nextBytes(bytes);
        Path file = directory.resolve("weights.bin");

        // When
        String digest;
        try (BackgroundFile background = BackgroundFile.create(file, true)) {
            background.append(MemorySegment.ofArray(bytes).asSlice(0, 3));
            background.append(MemorySegment.ofArray(bytes).asSlice(3));
            digest = background.finish();
        }

        // Then
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
        assertThat(digest)
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    }

    @Test
    void shouldBeWholeWhenItIsClosedOnly() throws IOException {
        Path file = directory.resolve("passing.bin");

        try (BackgroundFile background = BackgroundFile.create(file, false)) {
            background.append(MemorySegment.ofArray(new byte[] {1, 2, 3}));
        }

        assertThat(Files.readAllBytes(file)).containsExactly(1, 2, 3);
    }

    @Test
    void shouldRefuseToBeFinishedWhenItsThreadIsInterrupted() throws IOException {
        Path file = directory.resolve("interrupted.bin");
        try (BackgroundFile background = BackgroundFile.create(file, true)) {
            background.append(MemorySegment.ofArray(new byte[BYTES / 2]));

            Thread.currentThread().interrupt();

            assertThatThrownBy(background::finish).isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
