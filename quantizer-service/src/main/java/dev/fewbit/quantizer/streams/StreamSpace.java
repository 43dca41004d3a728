package dev.fewbit.quantizer.streams;

import dev.fewbit.quantizer.matrix.Matrix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Hands out matrices for streams: in memory while there is room, in mapped files behind that, whose pages the kernel may write out and take back. A
 * file has no name once it is mapped, so that nothing is left of it whatever happens to the process. Not for use by several threads at a time.
 */
public final class StreamSpace {
    private static final int CHUNK = 1 << 20;

    private final Path directory;
    private long left;
    private int files;

    /**
     * Room for some bytes.
     *
     * @param bytes in memory
     * @param directory for files behind that; exists
     */
    public StreamSpace(long bytes, Path directory) {
        left = bytes;
        this.directory = directory;
    }

    /** Memory without end. */
    public static StreamSpace unlimited() {
        return new StreamSpace(Long.MAX_VALUE, null);
    }

    /** Files that were made. */
    int files() {
        return files;
    }

    /**
     * A matrix of zeros that lives as long as {@code arena}, which has to be shared.
     *
     * @throws UncheckedIOException when the disk has no room for it
     */
    Matrix allocate(Arena arena, int rows, int columns) {
        long bytes = (long) rows * columns * Float.BYTES;
        if (bytes <= left) {
            left -= bytes;
            return Matrix.allocate(arena, rows, columns);
        }
        Path file = directory.resolve("spilled." + files++);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            fill(channel, bytes);
            return new Matrix(channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena), rows, columns);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "%s: has no room for %d MiB of calibration's streams: %s; make room, or raise the memory limit"
                            .formatted(directory, bytes / CHUNK, e.getMessage()),
                    e);
        } finally {
            remove(file);
        }
    }

    /** Written, not only made long: a page that the disk has no room for kills the process when it is touched. */
    private static void fill(FileChannel channel, long bytes) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(CHUNK, bytes));
        for (long at = 0; at < bytes; at += zeros.position()) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at));
            while (zeros.hasRemaining()) {
                channel.write(zeros);
            }
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be removed: " + e.getMessage(), e);
        }
    }
}
