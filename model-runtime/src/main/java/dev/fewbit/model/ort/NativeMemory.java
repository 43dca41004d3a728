package dev.fewbit.model.ort;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Where tensors lie: in the processor's memory or in a device's. */
public final class NativeMemory implements AutoCloseable {
    private static final int NO_ARENA = 0;
    private static final int DEFAULT = 0;

    private final OrtApi api;
    private final MemorySegment info;

    private NativeMemory(OrtApi api, String name, int device) {
        this.api = api;
        try (Arena arena = Arena.ofConfined()) {
            info = api.create(OrtFunction.CREATE_MEMORY_INFO, arena.allocateFrom(name), NO_ARENA, device, DEFAULT);
        }
    }

    /** The processor's memory. */
    public static NativeMemory host(OrtApi api) {
        return new NativeMemory(api, "Cpu", 0);
    }

    /** Memory of a CUDA device. */
    public static NativeMemory cuda(OrtApi api, int device) {
        return new NativeMemory(api, "Cuda", device);
    }

    MemorySegment pointer() {
        return info;
    }

    @Override
    public void close() {
        api.release(OrtFunction.RELEASE_MEMORY_INFO, info);
    }
}
