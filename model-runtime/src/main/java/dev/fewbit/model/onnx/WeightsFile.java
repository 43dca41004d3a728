package dev.fewbit.model.onnx;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The file that holds a model's tensors, written front to back. Each tensor starts at a multiple of 64 bytes, which is
 * what the kernels like best; the gap before it is zero. The caller flushes the file to disk where that matters.
 */
public final class WeightsFile implements AutoCloseable {
    private static final int ALIGNMENT = 64;
    private static final long CHUNK = 1 << 22;

    private final String name;
    /** {@code null} where bytes are only counted. */
    private final FileChannel channel;

    private long position;

    private WeightsFile(String name, FileChannel channel) {
        this.name = name;
        this.channel = channel;
    }

    /** Creates a file that must not exist yet. */
    public static WeightsFile create(Path file) throws IOException {
        return new WeightsFile(
                file.getFileName().toString(),
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    /** A file of no bytes, to learn how long one would be: parts need a size and are not read. */
    public static WeightsFile counting(String name) {
        return new WeightsFile(name, null);
    }

    /** Bytes so far. */
    public long length() {
        return position;
    }

    /**
     * Appends one tensor.
     *
     * @param parts its bytes, row-major and little-endian, in order: parts of a tensor that are written one behind the
     *     other are concatenated along the first dimension
     * @throws IllegalArgumentException when the parts' size is not the shape's
     */
    public ExternalTensor write(String tensor, ElementType type, long[] shape, List<MemorySegment> parts)
            throws IOException {
        long expected = type.bytes();
        for (long size : shape) {
            expected = Math.multiplyExact(expected, size);
        }
        long length = parts.stream().mapToLong(MemorySegment::byteSize).sum();
        if (length != expected) {
            throw new IllegalArgumentException(
                    "tensor " + tensor + " has " + length + " bytes where its shape needs " + expected);
        }
        int padding = (int) (-position & (ALIGNMENT - 1));
        append(ByteBuffer.allocate(padding));
        long offset = position;
        if (channel == null) {
            position += length;
            return new ExternalTensor(tensor, type, ExternalTensor.shape(shape), name, offset, length);
        }
        for (MemorySegment part : parts) {
            for (long done = 0; done < part.byteSize(); done += CHUNK) {
                append(part.asSlice(done, Math.min(CHUNK, part.byteSize() - done))
                        .asByteBuffer());
            }
        }
        return new ExternalTensor(tensor, type, ExternalTensor.shape(shape), name, offset, length);
    }

    private void append(ByteBuffer bytes) throws IOException {
        position += bytes.remaining();
        while (channel != null && bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
