package dev.fewbit.model.onnx;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A file written front to back by a thread of its own, which digests a lasting one on the way while another begins to flush what is written: whoever
 * appends goes on computing meanwhile. Bytes are copied into a few buffers that are used again; an append waits where all are full. For use by one
 * thread.
 */
final class BackgroundFile implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int BUFFERS = 16;
    /** So that the disk has something to do from the beginning. */
    private static final long FLUSH_BYTES = 64L << 20;

    private final FileChannel channel;
    /** {@code null} for a file of passing use. */
    private final MessageDigest digest;

    private final BlockingQueue<byte[]> free = new LinkedBlockingQueue<>();
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("weights-writer").daemon().factory());
    private final ExecutorService flusher = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("weights-flusher").daemon().factory());
    private int allocated;
    /** Filled by whoever appends. */
    private byte[] buffer = new byte[BUFFER_BYTES];

    private int filled;
    /** Only for the writing thread. */
    private long unflushed;

    private Future<?> flush;
    /** The first one; nothing is written after it. */
    private volatile IOException failure;

    private BackgroundFile(FileChannel channel, MessageDigest digest) {
        this.channel = channel;
        this.digest = digest;
        allocated = 1;
    }

    /**
     * Creates a file that must not exist yet.
     *
     * @param lasting it is digested, and on its way to the disk from the beginning
     */
    static BackgroundFile create(Path file, boolean lasting) throws IOException {
        return new BackgroundFile(
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                lasting ? sha256() : null);
    }

    /**
     * Appends a copy of {@code bytes}.
     *
     * @throws IOException when it or something before it could not be written
     */
    void append(MemorySegment bytes) throws IOException {
        for (long done = 0; done < bytes.byteSize(); ) {
            int size = (int) Math.min(bytes.byteSize() - done, BUFFER_BYTES - filled);
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, done, buffer, filled, size);
            filled += size;
            done += size;
            if (filled == BUFFER_BYTES) {
                hand();
                buffer = nextBuffer();
            }
        }
    }

    /** Waits until all is written; SHA-256 of the file in lower-case hex, or {@code null}. */
    String finish() throws IOException {
        hand();
        writer.close();
        flusher.close();
        if (Thread.currentThread().isInterrupted()) {
            // Closing dropped what was still waiting.
            throw interrupted();
        }
        requireWritten();
        return digest == null ? null : HexFormat.of().formatHex(digest.digest());
    }

    private void hand() throws IOException {
        requireWritten();
        byte[] full = buffer;
        int size = filled;
        filled = 0;
        writer.execute(() -> write(full, size));
    }

    private byte[] nextBuffer() throws IOException {
        byte[] next = free.poll();
        if (next != null) {
            return next;
        }
        if (allocated < BUFFERS) {
            allocated++;
            return new byte[BUFFER_BYTES];
        }
        try {
            return free.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted();
        }
    }

    private static InterruptedIOException interrupted() {
        return new InterruptedIOException("interrupted while weights were written");
    }

    private void requireWritten() throws IOException {
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
    }

    private void write(byte[] bytes, int size) {
        try {
            if (failure == null) {
                ByteBuffer left = ByteBuffer.wrap(bytes, 0, size);
                while (left.hasRemaining()) {
                    channel.write(left);
                }
                if (digest != null) {
                    digest.update(bytes, 0, size);
                    beginFlush(size);
                }
            }
        } catch (IOException e) {
            failure = e;
        } finally {
            free.add(bytes);
        }
    }

    private void beginFlush(int size) {
        unflushed += size;
        if (unflushed >= FLUSH_BYTES && (flush == null || flush.isDone())) {
            unflushed = 0;
            flush = flusher.submit(this::flush);
        }
    }

    private void flush() {
        try {
            channel.force(false);
        } catch (IOException e) {
            // The system may tell this once only, not again to whoever flushes at the end.
            failure = e;
        }
    }

    /** Waits until all is written, unless it has been waited for; ends the threads. */
    @Override
    public void close() throws IOException {
        try {
            if (!writer.isShutdown()) {
                finish();
            }
        } finally {
            writer.close();
            flusher.close();
            channel.close();
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
