package dev.fewbit.model.session;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A directory for a model that is rewritten while it is loaded. A lock says that somebody uses it, which the system
 * lifts when the process dies: so whoever makes the next one removes what a killed process left, a whole model's size, and
 * never what another process is loading.
 */
final class ScratchDirectory implements AutoCloseable {
    private static final String PREFIX = "fewbit-model-";
    private static final String LOCK = "lock";
    /** A younger one may not have its lock yet. */
    private static final Duration YOUNG = Duration.ofMinutes(1);

    /** Of this process: opening and closing a lock file once more would lift the lock. */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel lock;

    private ScratchDirectory(Path directory, FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /** Makes one in {@code parent}, and removes those that dead processes left there. */
    static ScratchDirectory create(Path parent) throws IOException {
        removeAbandoned(parent);
        Path directory =
                Files.createTempDirectory(parent, PREFIX).toAbsolutePath().normalize();
        OURS.add(directory);
        FileChannel lock = null;
        try {
            lock = FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            lock.lock();
            ScratchDirectory scratch = new ScratchDirectory(directory, lock);
            lock = null;
            return scratch;
        } finally {
            if (lock != null) {
                lock.close();
                delete(directory);
                OURS.remove(directory);
            }
        }
    }

    Path path() {
        return directory;
    }

    /** Deletes it; what is mapped stays mapped. */
    @Override
    public void close() throws IOException {
        try (lock) {
            delete(directory);
        } finally {
            OURS.remove(directory);
        }
    }

    private static void removeAbandoned(Path parent) throws IOException {
        Instant limit = Instant.now().minus(YOUNG);
        for (Path directory : list(parent, PREFIX + "*")) {
            Path absolute = directory.toAbsolutePath().normalize();
            if (!OURS.contains(absolute) && Files.isDirectory(absolute)) {
                try {
                    if (Files.getLastModifiedTime(absolute).toInstant().isBefore(limit)) {
                        removeUnlessLocked(absolute);
                    }
                } catch (NoSuchFileException | AccessDeniedException e) {
                    // Its process, or another sweep, was faster; or it is another user's.
                }
            }
        }
    }

    private static void removeUnlessLocked(Path directory) throws IOException {
        try (FileChannel channel =
                        FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock free = channel.tryLock()) {
            if (free != null) {
                delete(directory);
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        for (Path file : list(directory, "*")) {
            Files.deleteIfExists(file);
        }
        Files.deleteIfExists(directory);
    }

    private static List<Path> list(Path directory, String glob) throws IOException {
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, glob)) {
            entries.forEach(paths::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return paths;
    }
}
