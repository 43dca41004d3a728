package dev.fewbit.model.device;

import java.lang.foreign.MemorySegment;

/**
 * Memory of one device. Addresses are the device's. Work is done in the order in which it was asked for, that of a session on the same
 * {@link #stream} included. For one thread at a time.
 */
public interface DeviceMemory extends AutoCloseable {
    /** The device, such as {@code cpu} or {@code NVIDIA H100 80GB HBM3}. */
    String device();

    /** The stream that sessions are to work on, 0 where there is none. */
    long stream();

    /** Bytes that nobody holds. */
    long freeBytes();

    /**
     * Takes memory, zeros in it, aligned to 256 bytes.
     *
     * @return its address
     * @throws TooLittleMemoryException when there is too little
     */
    long allocate(long bytes);

    /** Gives back what {@link #allocate} returned. */
    void free(long address);

    /** Memory of the processor's that copies from and to the device are fast with; it lives as long as this. */
    MemorySegment hostBuffer(long bytes);

    /** Copies to the device; {@code from} is a {@link #hostBuffer} that stays as it is until {@link #synchronize}. */
    void upload(long address, MemorySegment from);

    /** Copies from the device; {@code to} is a {@link #hostBuffer} and has the bytes after {@link #synchronize}. */
    void download(MemorySegment to, long address);

    /** Copies pieces within the device. */
    void copy(BlockCopy copy);

    /** Waits until all that was asked for is done. */
    void synchronize();

    @Override
    void close();
}
