package dev.fewbit.model.onnx;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/**
 * The file that holds a model's tensors, written front to back. Each tensor starts at a multiple of 64 bytes, which is
 * what the kernels like best; the gap before it is zero. Bytes are copied and written meanwhile, see {@link BackgroundFile}: the
 * file is whole once {@link #finish} or {@link #close} has returned. The caller flushes it to disk where that matters.
 */
public final class WeightsFile implements AutoCloseable {
    private static final int ALIGNMENT = 64;

    private final String name;
    /** {@code null} where bytes are only counted. */
    private final BackgroundFile file;

    private long position;

    private WeightsFile(String name, BackgroundFile file) {
        this.name = name;
        this.file = file;
    }

    /** Creates a file that must not exist yet, of passing use: {@link #finish} gives no digest. */
    public static WeightsFile create(Path file) throws IOException {
        return new WeightsFile(file.getFileName().toString(), BackgroundFile.create(file, false));
    }

    /** Creates a file that must not exist yet, digested and on its way to the disk while it is written. */
    public static WeightsFile createLasting(Path file) throws IOException {
        return new WeightsFile(file.getFileName().toString(), BackgroundFile.create(file, true));
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
        append(MemorySegment.ofArray(new byte[padding]));
        long offset = position;
        if (file == null) {
            position += length;
        } else {
            for (MemorySegment part : parts) {
                append(part);
            }
        }
        return new ExternalTensor(tensor, type, ExternalTensor.shape(shape), name, offset, length);
    }

    private void append(MemorySegment bytes) throws IOException {
        position += bytes.byteSize();
        if (file != null) {
            file.append(bytes);
        }
    }

    /**
     * Waits until all is written.
     *
     * @return SHA-256 of a lasting file in lower-case hex
     * @throws IOException when something could not be written
     */
    public String finish() throws IOException {
        return file.finish();
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
