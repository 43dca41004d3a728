package dev.fewbit.quantizer.work;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;

/**
 * A lock on a file that the kernel lets go of when its process dies. The file may be removed by who holds it: a lock on what has lost
 * its name counts for nothing, which a word in the file tells.
 */
final class WorkLock implements AutoCloseable {
    private final FileChannel channel;

    private WorkLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Locks {@code file}, which is created with its directory when it is missing.
     *
     * @return empty when another process, or another thread of this one, has it
     */
    static Optional<WorkLock> take(Path file) throws IOException {
        while (true) {
            Files.createDirectories(file.getParent());
            FileChannel channel;
            try {
                channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            } catch (NoSuchFileException e) {
                // Whoever had the directory removed it just now.
                continue;
            }
            boolean taken = false;
            try {
                if (channel.tryLock() == null) {
                    return Optional.empty();
                }
                if (isStillNamed(channel, file)) {
                    taken = true;
                    return Optional.of(new WorkLock(channel));
                }
            } catch (OverlappingFileLockException e) {
                return Optional.empty();
            } finally {
                if (!taken) {
                    channel.close();
                }
            }
        }
    }

    private static boolean isStillNamed(FileChannel channel, Path file) throws IOException {
        String word = UUID.randomUUID().toString();
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(word.getBytes(StandardCharsets.UTF_8)), 0);
        try {
            return Files.readString(file).equals(word);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
