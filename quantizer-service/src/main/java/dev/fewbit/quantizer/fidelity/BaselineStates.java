package dev.fewbit.quantizer.fidelity;

import dev.fewbit.objectstore.Digests;
import dev.fewbit.objectstore.DurableFiles;
import dev.fewbit.quantizer.matrix.Matrix;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What the heads of 16-bit models read on held-out texts, kept as files so that it is computed once for all artifacts of a checkpoint: 64
 * hexadecimal digits, the SHA-256 of what follows, and {@code [tokens, hidden]} in fp32. A file that is damaged is computed anew; where
 * none can be written, or one would pass 2 GiB, it is computed each time. The least recently used files beyond eight are removed.
 */
public final class BaselineStates {
    private static final Logger LOG = System.getLogger(BaselineStates.class.getName());
    private static final String SUFFIX = ".states";
    private static final int HEADER_BYTES = 64;
    /** Those of the reference model take 33 MB each. */
    private static final int MOST_FILES = 8;

    /** What a killed process was writing. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final Path directory;

    /** @param directory made when needed; {@code null}: nothing is kept */
    public BaselineStates(Path directory) {
        this.directory = directory;
    }

    /**
     * The states of {@code key}, from their file or computed.
     *
     * @param arena holds the result
     * @param key all that they depend on
     * @param rows tokens
     * @param columns hidden
     * @param computed gives them where no file does
     */
    Matrix of(Arena arena, List<String> key, int rows, int columns, Supplier<Matrix> computed) {
        long bytes = (long) rows * columns * Float.BYTES;
        if (directory == null || HEADER_BYTES + bytes > Integer.MAX_VALUE) {
            return computed.get();
        }
        Path file = directory.resolve(Digests.of(String.join("\n", key)) + SUFFIX);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            if (mapped.byteSize() == HEADER_BYTES + bytes && isWhole(mapped)) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
                return new Matrix(mapped.asSlice(HEADER_BYTES), rows, columns);
            }
            LOG.log(Logger.Level.WARNING, file + " is damaged and is made anew");
        } catch (NoSuchFileException e) {
            LOG.log(Logger.Level.DEBUG, file + " is not there yet");
        } catch (IOException e) {
            LOG.log(Logger.Level.WARNING, file + " cannot be read and is made anew: " + e);
        }
        Matrix states = computed.get();
        try {
            keep(file, states.data());
            removeOldest();
        } catch (IOException e) {
            LOG.log(Logger.Level.WARNING, file + " cannot be kept: " + e);
        }
        return states;
    }

    private static boolean isWhole(MemorySegment mapped) {
        ByteBuffer all = mapped.asByteBuffer();
        byte[] digest = new byte[HEADER_BYTES];
        all.get(digest);
        return Digests.of(all).equals(new String(digest, StandardCharsets.US_ASCII));
    }

    private void keep(Path file, MemorySegment states) throws IOException {
        Files.createDirectories(directory);
        byte[] digest = Digests.of(states.asByteBuffer()).getBytes(StandardCharsets.US_ASCII);
        DurableFiles.write(file, ByteBuffer.wrap(digest), states.asByteBuffer());
    }

    private void removeOldest() throws IOException {
        DurableFiles.removeAbandoned(directory, Instant.now().minus(ABANDONED));
        List<Path> files = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            entries.filter(entry -> entry.toString().endsWith(SUFFIX)).forEach(files::add);
        }
        files.sort(Comparator.comparing(BaselineStates::usedAt).reversed());
        for (Path file : files.stream().skip(MOST_FILES).toList()) {
            Files.deleteIfExists(file);
        }
    }

    private static Instant usedAt(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            LOG.log(Logger.Level.DEBUG, file + " was removed meanwhile: " + e);
            return Instant.EPOCH;
        }
    }
}
