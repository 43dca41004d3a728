package dev.fewbit.sandbox.isolation;

import static java.lang.System.Logger.Level.DEBUG;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A directory that lives as long as its process: it holds a lock, and whoever makes the next one removes those of the same user
 * whose lock nobody holds, because their process was killed.
 */
final class ScratchDirectory implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(ScratchDirectory.class.getName());
    private static final String PREFIX = "fewbit-sandbox-";
    private static final String LOCK = "lock";
    /** Those of this process are told by their names: opening and closing a lock file of our own would give the lock up. */
    private static final String OURS = PREFIX + ProcessHandle.current().pid() + "-";

    private final Path path;
    private final FileChannel lock;

    private ScratchDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    static ScratchDirectory make(Path parent) throws IOException {
        Files.createDirectories(parent);
        Path absolute = parent.toRealPath();
        removeAbandoned(absolute);
        Path path = Files.createTempDirectory(absolute, OURS);
        // Locked before it has its name: nobody ever sees a living directory's lock free.
        Path unnamed = path.resolve(LOCK + ".new");
        FileChannel lock = FileChannel.open(unnamed, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        lock.lock();
        Files.move(unnamed, path.resolve(LOCK), StandardCopyOption.ATOMIC_MOVE);
        return new ScratchDirectory(path, lock);
    }

    Path path() {
        return path;
    }

    private static void removeAbandoned(Path parent) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path candidate : found) {
                if (!candidate.getFileName().toString().startsWith(OURS)) {
                    try {
                        if (isAbandoned(candidate)) {
                            remove(candidate);
                        }
                    } catch (IOException e) {
                        LOGGER.log(DEBUG, "{0} stays behind: {1}", candidate, e.getMessage());
                    }
                }
            }
        }
    }

    /** Another user's directory is not looked into: only its owner can be trusted not to put links in our way. */
    private static boolean isAbandoned(Path directory) throws IOException {
        Object owner = Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        if (!owner.equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                || !Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                || !Files.isRegularFile(directory.resolve(LOCK), LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (FileChannel lock = FileChannel.open(directory.resolve(LOCK), StandardOpenOption.WRITE)) {
            return lock.tryLock() != null;
        }
    }

    /** Removes the directory and all in it. */
    @Override
    public void close() throws IOException {
        remove(path);
        lock.close();
    }

    private static void remove(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
