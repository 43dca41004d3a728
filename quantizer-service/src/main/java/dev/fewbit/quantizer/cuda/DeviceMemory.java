package dev.fewbit.quantizer.cuda;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Device memory in blocks that are kept when they are given back, since the driver waits for all work whenever it frees one. A block may be
 * used again at once: the stream does what used it before first.
 */
final class DeviceMemory implements AutoCloseable {
    private static final long SMALL = 1 << 20;
    private static final long SMALL_STEP = 512;
    private static final long LARGE_STEP = 2L << 20;
    /** A kept block serves for what takes at least this part of it. */
    private static final double LEAST_USE = 0.8;

    private final CudaDriver driver;
    private final String deviceName;
    private final TreeMap<Long, Deque<Long>> idle = new TreeMap<>();
    private final Map<Long, Long> sizes = new HashMap<>();
    private long idleBytes;

    DeviceMemory(CudaDriver driver, String deviceName) {
        this.driver = driver;
        this.deviceName = deviceName;
    }

    /** A block; what is in it is undefined. */
    long take(long bytes) {
        long size = rounded(bytes);
        Map.Entry<Long, Deque<Long>> kept = idle.ceilingEntry(size);
        if (kept != null && size >= LEAST_USE * kept.getKey()) {
            long address = kept.getValue().pop();
            if (kept.getValue().isEmpty()) {
                idle.remove(kept.getKey());
            }
            idleBytes -= kept.getKey();
            return address;
        }
        long address = driver.allocate(size);
        if (address == 0) {
            release();
            address = driver.allocate(size);
        }
        if (address == 0) {
            long[] memory = driver.memory();
            throw new CudaException(
                    "device cuda: %s has too little memory: %d MiB more are needed, %d of %d MiB are free; allowed: a GPU with more memory, shorter calibration windows, or --device cpu"
                            .formatted(deviceName, size >> 20, memory[0] >> 20, memory[1] >> 20));
        }
        sizes.put(address, size);
        return address;
    }

    void giveBack(long address) {
        long size = sizes.get(address);
        idle.computeIfAbsent(size, none -> new ArrayDeque<>()).push(address);
        idleBytes += size;
    }

    long idleBytes() {
        return idleBytes;
    }

    private void release() {
        for (Deque<Long> blocks : idle.values()) {
            for (long address : blocks) {
                driver.free(address);
                sizes.remove(address);
            }
        }
        idle.clear();
        idleBytes = 0;
    }

    private static long rounded(long bytes) {
        long step = bytes < SMALL ? SMALL_STEP : LARGE_STEP;
        return Math.max(1, Math.ceilDiv(bytes, step)) * step;
    }

    @Override
    public void close() {
        sizes.keySet().forEach(driver::free);
        sizes.clear();
        idle.clear();
        idleBytes = 0;
    }
}
