package dev.fewbit.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryArtifactStoreTest {
    /**
     * {@code printf 'graph\n%s\nweights.bin\n%s\n' "$(printf g | sha256sum | cut -c1-64)" "$(printf w | sha256sum | cut -c1-64)" |
     * sha256sum}, the files being {@code graph} with the byte g and {@code weights.bin} with the byte w.
     */
    private static final String ID = "a4ce7b38999f92e40dcb6dfe8951ac39f386021a48b15bab2f5b288c4071ac26";

    private static final Instant MADE_AT = Instant.parse("2026-11-25T10:00:00Z");
    private static final int WRITERS = 8;
    private static final int ROUNDS = 25;

    @TempDir
    Path root;

    private DirectoryArtifactStore store;

    @BeforeEach
    void open() throws IOException {
        store = new DirectoryArtifactStore(root);
    }

    @Test
    void shouldNameArtifactByNamesAndBytesWhenStored() throws IOException {
        // Given
        Path directory = artifact("g", "w");
        // When
        String id = store.put(directory);
        // Then
        assertThat(id).isEqualTo(ID);
        assertThat(directory).doesNotExist();
        assertThat(store.find(id)).get().satisfies(stored -> {
            assertThat(stored.resolve("graph")).hasContent("g");
            assertThat(stored.resolve("weights.bin")).hasContent("w");
        });
    }

    @Test
    void shouldKeepOneArtifactWhenSameBytesAreStoredTwice() throws IOException {
        // Given
        String first = store.put(artifact("g", "w"));
        Path again = artifact("g", "w");
        // When
        String second = store.put(again);
        // Then
        assertThat(second).isEqualTo(first);
        assertThat(again).doesNotExist();
        assertThat(names(root.resolve("artifacts"))).containsExactly(first);
        assertThat(names(root.resolve("workspaces"))).isEmpty();
    }

    @Test
    void shouldKeepOneArtifactWhenWritersRace() throws Exception {
        // Given
        List<Callable<String>> writers = new ArrayList<>();
        CyclicBarrier start = new CyclicBarrier(WRITERS);
        for (int i = 0; i < WRITERS; i++) {
            Path directory = artifact("g", "w");
            writers.add(() -> {
                start.await();
                return store.put(directory);
            });
        }
        // When
        Set<String> ids = new HashSet<>(together(writers));
        // Then
        assertThat(ids).containsExactly(ID);
        assertThat(names(root.resolve("artifacts"))).containsExactly(ID);
        assertThat(names(root.resolve("workspaces"))).isEmpty();
    }

    @Test
    void shouldNotSeeArtifactWhenWriterDiedBeforePut() throws IOException {
        // Given: what a killed quantizer leaves
        artifact("g", "w");
        // When
        DirectoryArtifactStore reopened = new DirectoryArtifactStore(root);
        // Then
        assertThat(reopened.find(ID)).isEmpty();
        assertThat(names(root.resolve("artifacts"))).isEmpty();
    }

    @Test
    void shouldStoreNothingWhenArtifactHoldsDirectory() throws IOException {
        // Given
        Path directory = artifact("g", "w");
        Path inner = Files.createDirectory(directory.resolve("inner"));
        // When // Then
        assertThatThrownBy(() -> store.put(directory))
                .isInstanceOf(IOException.class)
                .hasMessage(inner + " is not a regular file; an artifact holds files only");
        assertThat(names(root.resolve("artifacts"))).isEmpty();
    }

    @Test
    void shouldRefuseIdWhenItIsNoDigest() {
        assertThatThrownBy(() -> store.find("../secrets"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not an artifact id: ../secrets");
    }

    @Test
    void shouldReturnEntryWhenKeyWasIndexed() throws IOException {
        // Given
        ArtifactEntry entry = new ArtifactEntry(store.put(artifact("g", "w")), 1.25, MADE_AT);
        // When
        ArtifactEntry indexed = store.index("checkpoint rtn 4", entry);
        // Then
        assertThat(indexed).isEqualTo(entry);
        assertThat(store.lookup("checkpoint rtn 4")).contains(entry);
        assertThat(store.lookup("checkpoint rtn 3")).isEmpty();
    }

    @Test
    void shouldKeepFirstEntryWhenKeyIsIndexedAgain() throws IOException {
        // Given
        ArtifactEntry first = new ArtifactEntry(store.put(artifact("g", "w")), 1.25, MADE_AT);
        ArtifactEntry second = new ArtifactEntry(store.put(artifact("g", "v")), 9, MADE_AT.plusSeconds(60));
        store.index("key", first);
        // When
        ArtifactEntry now = store.index("key", second);
        // Then
        assertThat(now).isEqualTo(first);
        assertThat(store.lookup("key")).contains(first);
    }

    @Test
    void shouldTellEveryWriterTheSameWinnerWhenTheyRace() throws Exception {
        // Given
        String id = store.put(artifact("g", "w"));
        for (int round = 0; round < ROUNDS; round++) {
            String key = "key " + round;
            // When
            Set<ArtifactEntry> winners = new HashSet<>(together(writersOf(key, id)));
            // Then
            assertThat(winners).hasSize(1);
            assertThat(store.lookup(key)).isEqualTo(winners.stream().findFirst());
        }
        assertThat(names(root.resolve("index"))).hasSize(ROUNDS);
    }

    @Test
    void shouldLetOneWriterReplaceWhenIndexedArtifactIsGone() throws Exception {
        // Given: an index entry whose artifact was removed by hand
        String id = store.put(artifact("g", "w"));
        for (int round = 0; round < ROUNDS; round++) {
            String key = "key " + round;
            Path lost = artifact("g", "lost");
            String gone = store.put(lost);
            store.index(key, new ArtifactEntry(gone, 1, MADE_AT));
            Path stored = store.find(gone).orElseThrow();
            Files.delete(stored.resolve("graph"));
            Files.delete(stored.resolve("weights.bin"));
            Files.delete(stored);
            assertThat(store.lookup(key)).isEmpty();
            // When
            Set<ArtifactEntry> winners = new HashSet<>(together(writersOf(key, id)));
            // Then
            assertThat(winners).hasSize(1);
            assertThat(store.lookup(key)).isEqualTo(winners.stream().findFirst());
        }
    }

    private List<Callable<ArtifactEntry>> writersOf(String key, String id) {
        CyclicBarrier start = new CyclicBarrier(WRITERS);
        List<Callable<ArtifactEntry>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            ArtifactEntry entry = new ArtifactEntry(id, i, MADE_AT.plusSeconds(i));
            writers.add(() -> {
                start.await();
                return store.index(key, entry);
            });
        }
        return writers;
    }

    private static <T> List<T> together(List<Callable<T>> tasks) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
            List<T> results = new ArrayList<>();
            for (Future<T> future : threads.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        }
    }

    private Path artifact(String graph, String weights) throws IOException {
        Path directory = store.workspace();
        Files.writeString(directory.resolve("graph"), graph);
        Files.writeString(directory.resolve("weights.bin"), weights);
        return directory;
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void shouldRemoveOnlyWorkspacesThatNothingWasWrittenToForLongWhenCleaning(@TempDir Path cleaned)
            throws IOException {
        // Given
        DirectoryArtifactStore store = new DirectoryArtifactStore(cleaned);
        FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofHours(2)));
        Path abandoned = store.workspace();
        Files.setLastModifiedTime(Files.writeString(abandoned.resolve("weights.bin"), "x"), longAgo);
        Files.setLastModifiedTime(abandoned, longAgo);
        Path written = store.workspace();
        Files.writeString(written.resolve("weights.bin"), "x");
        Files.setLastModifiedTime(written, longAgo);

        // When
        Path index = cleaned.resolve("index");
        Path interrupted = Files.writeString(index.resolve(".abc.0f8fad5b-d9cb-469f-a165-70867728950e"), "x");
        Path lock = Files.writeString(index.resolve(".lock"), "");
        Path entry = Files.writeString(index.resolve("abc"), "x");
        for (Path old : List.of(interrupted, lock, entry)) {
            Files.setLastModifiedTime(old, longAgo);
        }
        Path beingWritten = Files.writeString(index.resolve(".abd.0f8fad5b-d9cb-469f-a165-70867728950e"), "x");
        store.removeAbandoned(Duration.ofHours(1));

        // Then
        assertThat(abandoned).doesNotExist();
        assertThat(interrupted).doesNotExist();
        assertThat(List.of(lock, entry, beingWritten))
                .allSatisfy(file -> assertThat(file).exists());
        assertThat(written).exists();
    }
}
