package dev.fewbit.quantizer.work;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Bytes off the heap, written to a file with their digest, and mapped again. */
final class BlobFile {
    private static final long CHUNK = 1 << 22;

    private BlobFile() {}

    /** Writes {@code parts} one behind the other into a new file and flushes it. */
    static Journal.Entry write(Path file, List<MemorySegment> parts) throws IOException {
        MessageDigest digest = sha256();
        long bytes = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (MemorySegment part : parts) {
                for (long at = 0; at < part.byteSize(); at += CHUNK) {
                    ByteBuffer chunk = part.asSlice(at, Math.min(CHUNK, part.byteSize() - at))
                            .asByteBuffer();
                    digest.update(chunk.duplicate());
                    while (chunk.hasRemaining()) {
                        bytes += channel.write(chunk);
                    }
                }
            }
            channel.force(true);
        }
        return new Journal.Entry(
                file.getFileName().toString(), bytes, HexFormat.of().formatHex(digest.digest()));
    }

    /** The bytes of a file, read-only. */
    static MemorySegment map(Path file, Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
