package dev.fewbit.launcher.stack;

import dev.fewbit.launcher.LauncherException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The directory that holds all of a stack: database, broker, object store, ports, logs, results. One launcher at a time. */
public final class DataDirectory implements AutoCloseable {
    private final Path root;
    private final FileChannel lockFile;

    private DataDirectory(Path root, FileChannel lockFile) {
        this.root = root;
        this.lockFile = lockFile;
    }

    /**
     * Creates the directory where missing and locks it.
     *
     * @throws LauncherException when it cannot be written, or another launcher holds it
     */
    public static DataDirectory open(Path directory) {
        Path root = directory.toAbsolutePath().normalize();
        if (root.toString().contains(",")) {
            throw LauncherException.usage(
                    root + " holds a comma; allowed: a path without, as Kafka's directories are a list");
        }
        try {
            Files.createDirectories(root.resolve("logs"));
            Files.createDirectories(root.resolve("store"));
            FileChannel channel =
                    FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = null;
            try {
                lock = channel.tryLock();
            } catch (OverlappingFileLockException e) {
                // Held by this very JVM: reported like any other holder.
                lock = null;
            }
            if (lock == null) {
                channel.close();
                throw LauncherException.failed(
                        root + " is in use by another fewbit process; stop it or choose another directory");
            }
            return new DataDirectory(root, channel);
        } catch (FileSystemException e) {
            throw LauncherException.failed("%s cannot be written: %s: %s".formatted(root, e.getFile(), reason(e)), e);
        } catch (IOException e) {
            throw LauncherException.failed("%s cannot be written: %s".formatted(root, e.getMessage()), e);
        }
    }

    /** The JDK gives its most common refusals a class and no reason. */
    private static String reason(FileSystemException e) {
        return switch (e) {
            case NoSuchFileException _ -> "it cannot be created there";
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException _ -> "it is not a directory";
            default -> String.valueOf(e.getReason());
        };
    }

    public Path root() {
        return root;
    }

    public Path logs() {
        return root.resolve("logs");
    }

    public Path log(String child) {
        return logs().resolve(child + ".log");
    }

    /** Artifacts and long texts. */
    public Path store() {
        return root.resolve("store");
    }

    public Path file(String name) {
        return root.resolve(name);
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw LauncherException.failed("cannot release " + root.resolve("lock"), e);
        }
    }
}
