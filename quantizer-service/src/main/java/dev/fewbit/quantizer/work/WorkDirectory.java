package dev.fewbit.quantizer.work;

import dev.fewbit.objectstore.Digests;
import dev.fewbit.objectstore.DurableFiles;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The unfinished work on one artifact. Blobs have names of letters, digits, dots and dashes; what is committed survives a kill at any
 * moment, whole; what is not is gone at the next opening. Blobs are for one key: opened for another, or with a byte changed, all are
 * discarded. Not for use by several threads at a time.
 *
 * <p>A stage of work that can go on keeps its state so:
 *
 * <pre>
 * Optional&lt;MemorySegment&gt; state = work.read(arena, "training");
 * ... work.change().put("training", List.of(step, weights, moments)).commit(); ...
 * </pre>
 */
public final class WorkDirectory implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final String ARTIFACT = "artifact";

    private final Path directory;
    private final String key;
    private final WorkLock lock;
    private final Map<String, Journal.Entry> entries = new LinkedHashMap<>();
    private long generation;

    private WorkDirectory(Path directory, String key, WorkLock lock) {
        this.directory = directory;
        this.key = key;
        this.lock = lock;
    }

    /**
     * Opens {@code directory}, which is created when it is missing, and looks what of it is finished.
     *
     * @param key all that decides the bytes of the artifact
     * @param observer is told when there was something that had to be discarded
     * @return empty when another process, or another thread of this one, works in it
     */
    public static Optional<WorkDirectory> open(Path directory, String key, WorkObserver observer) throws IOException {
        Optional<WorkLock> lock = WorkLock.take(directory.resolve(LOCK));
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        boolean opened = false;
        try {
            WorkDirectory work = new WorkDirectory(directory, key, lock.get());
            work.load(observer);
            opened = true;
            return Optional.of(work);
        } finally {
            if (!opened) {
                lock.get().close();
            }
        }
    }

    /**
     * Removes {@code directory} unless somebody works in it.
     *
     * @return false when somebody does
     */
    public static boolean removeUnused(Path directory) throws IOException {
        Optional<WorkLock> lock = WorkLock.take(directory.resolve(LOCK));
        if (lock.isEmpty()) {
            return false;
        }
        try {
            remove(directory);
            return true;
        } finally {
            lock.get().close();
        }
    }

    public Path path() {
        return directory;
    }

    /** Whether a blob was committed. */
    public boolean has(String name) {
        return entries.containsKey(name);
    }

    /** Whether nothing is finished. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** A committed blob, mapped read-only as long as {@code arena} lives; empty when there is none. */
    public Optional<MemorySegment> read(Arena arena, String name) throws IOException {
        Journal.Entry entry = entries.get(name);
        return entry == null ? Optional.empty() : Optional.of(BlobFile.map(directory.resolve(entry.file()), arena));
    }

    /** The beginning of a change: of all that it puts and drops either everything happens or nothing. */
    public Change change() {
        return new Change();
    }

    /** An empty directory on the same file system, for the artifact in the making. */
    public Path freshArtifact() throws IOException {
        Path artifact = directory.resolve(ARTIFACT);
        DurableFiles.deleteTree(artifact);
        return Files.createDirectory(artifact);
    }

    /** Keeps what is finished, if there is anything, and removes everything else. The directory is closed. */
    public void keepFinished() throws IOException {
        try {
            if (entries.isEmpty()) {
                remove(directory);
            } else {
                removeUnnamed();
            }
        } finally {
            lock.close();
        }
    }

    /** Removes the directory with all that is in it, and closes it. */
    public void remove() throws IOException {
        try {
            remove(directory);
        } finally {
            lock.close();
        }
    }

    /** Lets go of the directory as it is. */
    @Override
    public void close() throws IOException {
        lock.close();
    }

    /** A change of what is finished. */
    public final class Change {
        private final Map<String, List<MemorySegment>> put = new LinkedHashMap<>();
        private final Map<String, Journal.Entry> after = new LinkedHashMap<>(entries);

        private Change() {}

        /** Puts a blob, or another in its place: {@code parts} one behind the other. They must not change until the commit. */
        public Change put(String name, List<MemorySegment> parts) {
            if (!isName(name)) {
                throw new IllegalArgumentException(
                        "blob '" + name + "'; allowed: letters, digits, dots and dashes, a letter first");
            }
            put.put(name, parts);
            return this;
        }

        /** Drops a blob, if it is there. */
        public Change drop(String name) {
            after.remove(name);
            return this;
        }

        /**
         * Makes it happen: blobs are written and flushed, then the journal is replaced.
         *
         * @throws IOException when the disk is full: then nothing has happened
         */
        public void commit() throws IOException {
            for (Map.Entry<String, List<MemorySegment>> blob : put.entrySet()) {
                Path file = directory.resolve(blob.getKey() + "." + ++generation);
                after.put(blob.getKey(), BlobFile.write(file, blob.getValue()));
            }
            DurableFiles.flushDirectory(directory);
            Journal.write(directory, key, after);
            Set<String> kept =
                    Set.copyOf(after.values().stream().map(Journal.Entry::file).toList());
            List<String> dropped = entries.values().stream()
                    .map(Journal.Entry::file)
                    .filter(file -> !kept.contains(file))
                    .toList();
            entries.clear();
            entries.putAll(after);
            for (String file : dropped) {
                Files.deleteIfExists(directory.resolve(file));
            }
        }
    }

    static boolean isName(String name) {
        return name.matches("[A-Za-z][A-Za-z0-9.-]*") && !name.equals(ARTIFACT);
    }

    private void load(WorkObserver observer) throws IOException {
        Optional<Map<String, Journal.Entry>> journal = Journal.read(directory, key);
        if (journal.isPresent()) {
            Optional<String> damaged = damaged(journal.get());
            if (damaged.isEmpty()) {
                entries.putAll(journal.get());
            } else {
                observer.note(directory + ": unfinished work is damaged (" + damaged.get()
                        + " is not what was written); it is discarded and begun again");
            }
        } else if (Files.exists(directory.resolve(Journal.FILE))) {
            observer.note(
                    directory + ": holds unfinished work of another recipe, checkpoint or version; it is discarded");
        }
        if (entries.isEmpty()) {
            Files.deleteIfExists(directory.resolve(Journal.FILE));
        }
        removeUnnamed();
        generation = entries.values().stream()
                .mapToLong(entry ->
                        Long.parseLong(entry.file().substring(entry.file().lastIndexOf('.') + 1)))
                .max()
                .orElse(0);
    }

    private Optional<String> damaged(Map<String, Journal.Entry> journal) throws IOException {
        for (Map.Entry<String, Journal.Entry> blob : journal.entrySet()) {
            Journal.Entry entry = blob.getValue();
            Path file = directory.resolve(entry.file());
            if (!entry.file().matches(Pattern.quote(blob.getKey()) + "\\.[0-9]{1,18}")
                    || !Files.isRegularFile(file)
                    || Files.size(file) != entry.bytes()
                    || !Digests.of(file).equals(entry.digest())) {
                return Optional.of(blob.getKey());
            }
        }
        return Optional.empty();
    }

    /** Removes what the journal does not name. */
    private void removeUnnamed() throws IOException {
        Set<String> named =
                Set.copyOf(entries.values().stream().map(Journal.Entry::file).toList());
        for (Path path : list(directory)) {
            String name = path.getFileName().toString();
            if (!name.equals(LOCK) && !name.equals(Journal.FILE) && !named.contains(name)) {
                DurableFiles.deleteTree(path);
            }
        }
    }

    /** The lock goes last: until then nobody else gets in. */
    private static void remove(Path directory) throws IOException {
        for (Path path : list(directory)) {
            if (!path.getFileName().toString().equals(LOCK)) {
                DurableFiles.deleteTree(path);
            }
        }
        Files.deleteIfExists(directory.resolve(LOCK));
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException e) {
            // Somebody else began to work in it between the two.
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }
}
