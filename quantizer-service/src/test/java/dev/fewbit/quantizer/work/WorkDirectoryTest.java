package dev.fewbit.quantizer.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkDirectoryTest {
    private static final String KEY = "checkpoint, recipe and version";

    @TempDir
    private Path directory;

    private final List<String> notes = new ArrayList<>();
    private final WorkObserver observer = new WorkObserver() {
        @Override
        public void note(String line) {
            notes.add(line);
        }
    };

    @Test
    void shouldFindWhatWasCommittedAndNothingElseWhenItsProcessDied() throws IOException {
        // Given
        WorkDirectory before = open(KEY);
        before.change()
                .put("layer-0", bytes("first", " part"))
                .put("streams", bytes("0"))
                .commit();
        before.change()
                .put("layer-1", bytes("second"))
                .put("streams", bytes("1"))
                .commit();
        before.change().put("layer-2", bytes("never"));
        Files.writeString(before.path().resolve("layer-2.9"), "half");
        before.close();

        // When
        WorkDirectory after = open(KEY);

        // Then
        assertThat(text(after, "layer-0")).contains("first part");
        assertThat(text(after, "layer-1")).contains("second");
        assertThat(text(after, "streams")).contains("1");
        assertThat(after.has("layer-2")).isFalse();
        assertThat(names()).containsExactly("journal", "layer-0.1", "layer-1.3", "lock", "streams.4");
        assertThat(notes).isEmpty();
        after.close();
    }

    @Test
    void shouldBeginAgainAndSaySoWhenAByteChanged() throws IOException {
        // Given
        WorkDirectory before = open(KEY);
        before.change()
                .put("layer-0", bytes("first"))
                .put("layer-1", bytes("second"))
                .commit();
        before.close();
        Files.writeString(work().resolve("layer-1.2"), "sekond");

        // When
        WorkDirectory after = open(KEY);

        // Then
        assertThat(after.isEmpty()).isTrue();
        assertThat(notes)
                .containsExactly(
                        work() + ": unfinished work is damaged (layer-1 is not what was written); it is discarded and "
                                + "begun again");
        assertThat(names()).containsExactly("lock");
        after.close();
    }

    @Test
    void shouldBeginAgainAndSaySoWhenTheKeyIsAnother() throws IOException {
        // Given
        WorkDirectory before = open(KEY);
        before.change().put("layer-0", bytes("first")).commit();
        before.close();

        // When
        WorkDirectory after = open("another recipe");

        // Then
        assertThat(after.isEmpty()).isTrue();
        assertThat(notes)
                .containsExactly(
                        work() + ": holds unfinished work of another recipe, checkpoint or version; it is discarded");
        after.close();
    }

    @Test
    void shouldLetOneAtATimeIn() throws IOException {
        // Given
        WorkDirectory first = open(KEY);

        // Then
        assertThat(WorkDirectory.open(work(), KEY, observer)).isEmpty();
        assertThat(WorkDirectory.removeUnused(work())).isFalse();
        first.close();
        assertThat(WorkDirectory.removeUnused(work())).isTrue();
        assertThat(work()).doesNotExist();
    }

    @Test
    void shouldKeepTheOldValueUntilTheNewOneIsCommitted() throws IOException {
        // Given
        WorkDirectory work = open(KEY);
        work.change().put("training", bytes("step 1")).commit();
        WorkDirectory.Change change = work.change().put("training", bytes("step 2"));

        // Then
        assertThat(text(work, "training")).contains("step 1");
        change.commit();
        assertThat(text(work, "training")).contains("step 2");
        assertThat(names()).containsExactly("journal", "lock", "training.2");
        work.remove();
        assertThat(work()).doesNotExist();
    }

    private WorkDirectory open(String key) throws IOException {
        return WorkDirectory.open(work(), key, observer).orElseThrow();
    }

    private Path work() {
        return directory.resolve("work");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(work())) {
            return entries.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static List<MemorySegment> bytes(String... parts) {
        return Stream.of(parts)
                .map(part -> MemorySegment.ofArray(part.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    private static Optional<String> text(WorkDirectory work, String name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return work.read(arena, name)
                    .map(blob -> new String(blob.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8));
        }
    }
}
