package dev.fewbit.quantizer.cuda;

import java.util.ArrayList;
import java.util.List;

/** Device memory that is given back together. Nothing in it is set to anything. */
public final class DeviceArena implements AutoCloseable {
    private final CudaDevice device;
    private final DeviceMemory memory;
    private final List<Long> taken = new ArrayList<>();

    DeviceArena(CudaDevice device, DeviceMemory memory) {
        this.device = device;
        this.memory = memory;
    }

    /**
     * A matrix; what is in it is undefined.
     *
     * @throws CudaException when the device has too little memory
     */
    public DeviceMatrix matrix(int rows, int columns) {
        return new DeviceMatrix(device, bytes((long) rows * columns * Float.BYTES), rows, columns);
    }

    /** A matrix of zeros. */
    public DeviceMatrix zeros(int rows, int columns) {
        DeviceMatrix matrix = matrix(rows, columns);
        matrix.clear();
        return matrix;
    }

    /** The address of a block of memory, aligned to 256 bytes; what is in it is undefined. */
    public long bytes(long count) {
        device.driver();
        long address = memory.take(count);
        taken.add(address);
        return address;
    }

    public CudaDevice device() {
        return device;
    }

    @Override
    public void close() {
        taken.forEach(memory::giveBack);
        taken.clear();
    }
}
