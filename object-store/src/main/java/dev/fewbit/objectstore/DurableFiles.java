package dev.fewbit.objectstore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Files that are whole or absent: written under a temporary name beside their own, flushed to disk, then renamed. */
public final class DurableFiles {
    private static final Pattern TEMPORARY = Pattern.compile("\\..+\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private DurableFiles() {}

    /** Writes {@code bytes} to {@code file}, replacing it. On failure the temporary file is removed. */
    public static void write(Path file, byte[] bytes) throws IOException {
        write(file, ByteBuffer.wrap(bytes));
    }

    /** Writes {@code parts} one behind the other to {@code file}, replacing it. On failure the temporary file is removed. */
    public static void write(Path file, ByteBuffer... parts) throws IOException {
        Path temporary = temporary(file);
        try {
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                for (ByteBuffer part : parts) {
                    while (part.hasRemaining()) {
                        channel.write(part);
                    }
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
        flushDirectory(file.toAbsolutePath().getParent());
    }

    /** The name under which {@code file} is written before it gets its own. */
    static Path temporary(Path file) {
        return file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
    }

    /** Removes the temporary files in {@code directory} that a crash left behind: those not written to since {@code limit}. */
    public static void removeAbandoned(Path directory, Instant limit) throws IOException {
        List<Path> files;
        try (Stream<Path> entries = Files.list(directory)) {
            files = entries.filter(file ->
                            TEMPORARY.matcher(file.getFileName().toString()).matches())
                    .toList();
        }
        for (Path file : files) {
            try {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
                    Files.deleteIfExists(file);
                }
            } catch (NoSuchFileException e) {
                // It got its own name meanwhile, or somebody else removed it.
            }
        }
    }

    /** Removes {@code path} with all that is below it, if it is there. */
    public static void deleteTree(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        List<Path> paths;
        try (Stream<Path> tree = Files.walk(path)) {
            paths = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : paths) {
            Files.deleteIfExists(each);
        }
    }

    /** Flushes a file's bytes to disk. */
    public static void flush(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Flushes a directory's entries to disk, so that a rename in it survives a power cut. */
    public static void flushDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
