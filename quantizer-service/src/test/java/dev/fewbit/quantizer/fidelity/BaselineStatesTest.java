package dev.fewbit.quantizer.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.quantizer.matrix.Matrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaselineStatesTest {
    @TempDir
    private Path directory;

    private final Arena arena = Arena.ofConfined();
    private final AtomicInteger computed = new AtomicInteger();

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void shouldComputeOnceForAKey() throws IOException {
        Path cache = directory.resolve("made/when/needed");

        assertThat(states(cache, "a").row(1)).containsExactly(2, 3);
        assertThat(states(cache, "a").row(1)).containsExactly(2, 3);
        assertThat(computed).hasValue(1);
        states(cache, "b");
        assertThat(computed).hasValue(2);
        // 64 digits and four floats
        assertThat(files(cache)).hasSize(2).allSatisfy(file -> assertThat(file).hasSize(64 + 16));
    }

    @Test
    void shouldComputeAnewWhenTheFileIsDamaged() throws IOException {
        // Given
        states(directory, "a");
        Path file = files(directory).getFirst();
        byte[] whole = Files.readAllBytes(file);
        byte[] flipped = whole.clone();
        flipped[70] ^= 1;

        for (byte[] damaged : List.of(flipped, new byte[0], new byte[64 + 16], new byte[100])) {
            Files.write(file, damaged);
            int before = computed.get();

            // When
            Matrix states = states(directory, "a");

            // Then
            assertThat(states.row(0)).containsExactly(0, 1);
            assertThat(computed).hasValue(before + 1);
            assertThat(file).hasBinaryContent(whole);
        }
    }

    @Test
    void shouldComputeEachTimeWhenNothingCanBeKept() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "not a directory");

        assertThat(states(file, "a").row(0)).containsExactly(0, 1);
        assertThat(states(file, "a").row(0)).containsExactly(0, 1);
        assertThat(computed).hasValue(2);
    }

    @Test
    void shouldKeepTheEightUsedLast() throws IOException {
        // Given: the first of eight was used last
        states(directory, "0");
        Path first = files(directory).getFirst();
        for (int i = 1; i < 8; i++) {
            states(directory, Integer.toString(i));
        }
        for (Path file : files(directory)) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(file.equals(first) ? 10 : 100)));
        }

        // When
        states(directory, "8");

        // Then
        assertThat(files(directory)).hasSize(8).contains(first);
    }

    private Matrix states(Path cache, String key) {
        return new BaselineStates(cache).of(arena, List.of(key), 2, 2, () -> {
            computed.incrementAndGet();
            Matrix states = Matrix.allocate(arena, 2, 2);
            states.setRow(0, new float[] {0, 1});
            states.setRow(1, new float[] {2, 3});
            return states;
        });
    }

    private static List<Path> files(Path cache) throws IOException {
        try (Stream<Path> entries = Files.list(cache)) {
            return entries.toList();
        }
    }
}
