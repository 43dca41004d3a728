package dev.fewbit.objectstore;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Artifacts as directories {@code artifacts/ID}, the index as files {@code index/DIGEST-OF-KEY} below a root directory. */
public final class DirectoryArtifactStore implements ArtifactStore {
    /** Guards {@link #replaceDangling} inside this process; a file lock does between processes. */
    private static final Object REPLACEMENT = new Object();

    private final Path artifacts;
    private final Path index;
    private final Path workspaces;

    /** @param root of the object store, created when it is missing */
    public DirectoryArtifactStore(Path root) throws IOException {
        this.artifacts = Files.createDirectories(root.resolve("artifacts"));
        this.index = Files.createDirectories(root.resolve("index"));
        this.workspaces = Files.createDirectories(root.resolve("workspaces"));
    }

    @Override
    public String put(Path directory) throws IOException {
        String id = digestOf(directory);
        if (find(id).isPresent()) {
            deleteDirectory(directory);
            return id;
        }
        for (Path file : filesOf(directory)) {
            DurableFiles.flush(file);
        }
        DurableFiles.flushDirectory(directory);
        try {
            moveInto(artifacts.resolve(id), directory);
        } catch (AtomicMoveNotSupportedException e) {
            // Another file system: copied into the store first, so that the last step is a rename all the same.
            moveInto(artifacts.resolve(id), copyOf(directory));
            deleteDirectory(directory);
        }
        DurableFiles.flushDirectory(artifacts);
        return id;
    }

    @Override
    public Optional<Path> find(String artifactId) {
        Path directory = artifacts.resolve(checked(artifactId));
        return Files.isDirectory(directory) ? Optional.of(directory) : Optional.empty();
    }

    @Override
    public ArtifactEntry index(String key, ArtifactEntry entry) throws IOException {
        Path file = indexFile(key);
        Path temporary = DurableFiles.temporary(file);
        String text = entry.artifactId() + "\n" + entry.seconds() + "\n" + entry.madeAt() + "\n";
        DurableFiles.write(temporary, text.getBytes(StandardCharsets.UTF_8));
        try {
            // A link appears whole or not at all, and only where no other was: of two writers one wins.
            Files.createLink(file, temporary);
            DurableFiles.flushDirectory(index);
            return entry;
        } catch (FileAlreadyExistsException e) {
            Optional<ArtifactEntry> present = lookup(key);
            return present.isPresent() ? present.get() : replaceDangling(key, entry, temporary);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * The key's artifact was removed from the store: {@code entry} takes its place. The old file stays until the rename, so no
     * {@link Files#createLink} comes between, and the lock lets one replacement through.
     */
    private ArtifactEntry replaceDangling(String key, ArtifactEntry entry, Path temporary) throws IOException {
        synchronized (REPLACEMENT) {
            try (FileChannel channel = FileChannel.open(
                            index.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock _ = channel.lock()) {
                Optional<ArtifactEntry> present = lookup(key);
                if (present.isPresent()) {
                    return present.get();
                }
                Files.move(
                        temporary, indexFile(key), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                DurableFiles.flushDirectory(index);
                return entry;
            }
        }
    }

    @Override
    public Optional<ArtifactEntry> lookup(String key) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(indexFile(key));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        ArtifactEntry entry =
                new ArtifactEntry(lines.get(0), Double.parseDouble(lines.get(1)), Instant.parse(lines.get(2)));
        return find(entry.artifactId()).isPresent() ? Optional.of(entry) : Optional.empty();
    }

    @Override
    public Path workspace() throws IOException {
        return Files.createTempDirectory(workspaces, "artifact-");
    }

    @Override
    public void removeAbandoned(Duration unusedFor) throws IOException {
        Instant limit = Instant.now().minus(unusedFor);
        DurableFiles.removeAbandoned(index, limit);
        List<Path> present;
        try (Stream<Path> entries = Files.list(workspaces)) {
            present = entries.filter(Files::isDirectory).toList();
        }
        for (Path workspace : present) {
            try {
                if (lastWritten(workspace).isBefore(limit)) {
                    deleteDirectory(workspace);
                }
            } catch (NoSuchFileException e) {
                // Another process removed or finished it meanwhile.
            }
        }
    }

    private static Instant lastWritten(Path directory) throws IOException {
        Instant last = Files.getLastModifiedTime(directory).toInstant();
        for (Path file : filesOf(directory)) {
            Instant written = Files.getLastModifiedTime(file).toInstant();
            last = written.isAfter(last) ? written : last;
        }
        return last;
    }

    /** SHA-256 over the sorted names and digests of a directory's files: an artifact's id. */
    public static String digestOf(Path directory) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Path file : filesOf(directory)) {
            lines.append(file.getFileName())
                    .append('\n')
                    .append(Digests.of(file))
                    .append('\n');
        }
        return Digests.of(lines.toString());
    }

    /** Renames {@code directory}, or drops it where another writer stored the same bytes first. */
    private static void moveInto(Path target, Path directory) throws IOException {
        try {
            Files.move(directory, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw e;
        } catch (FileSystemException e) {
            // rename(2) onto a filled directory fails with ENOTEMPTY or EEXIST; the JDK has a type for the second only.
            if (!Files.isDirectory(target)) {
                throw e;
            }
            deleteDirectory(directory);
        }
    }

    private Path copyOf(Path directory) throws IOException {
        Path copy = workspace();
        boolean done = false;
        try {
            for (Path file : filesOf(directory)) {
                Path target = copy.resolve(file.getFileName().toString());
                Files.copy(file, target);
                DurableFiles.flush(target);
            }
            DurableFiles.flushDirectory(copy);
            done = true;
            return copy;
        } finally {
            if (!done) {
                deleteDirectory(copy);
            }
        }
    }

    private static List<Path> filesOf(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            List<Path> files = entries.sorted().toList();
            for (Path file : files) {
                if (!Files.isRegularFile(file)) {
                    throw new IOException(file + " is not a regular file; an artifact holds files only");
                }
            }
            return files;
        }
    }

    private static void deleteDirectory(Path directory) throws IOException {
        for (Path file : filesOf(directory)) {
            Files.delete(file);
        }
        Files.delete(directory);
    }

    private Path indexFile(String key) {
        return index.resolve(Digests.of(key));
    }

    private static String checked(String artifactId) {
        if (!artifactId.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("not an artifact id: " + artifactId);
        }
        return artifactId;
    }
}
