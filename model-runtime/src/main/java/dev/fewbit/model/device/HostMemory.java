package dev.fewbit.model.device;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/** The processor's memory. Everything is done when it is asked for. */
// Addresses are what this class deals in.
@SuppressWarnings("restricted")
public final class HostMemory implements DeviceMemory {
    private static final long ALIGNMENT = 256;

    private final Arena buffers = Arena.ofShared();
    private final Map<Long, Arena> blocks = new HashMap<>();

    @Override
    public String device() {
        return "cpu";
    }

    @Override
    public long stream() {
        return 0;
    }

    @Override
    public long freeBytes() {
        return Runtime.getRuntime().maxMemory();
    }

    @Override
    public long allocate(long bytes) {
        Arena arena = Arena.ofShared();
        MemorySegment block = arena.allocate(bytes, ALIGNMENT);
        blocks.put(block.address(), arena);
        return block.address();
    }

    @Override
    public void free(long address) {
        blocks.remove(address).close();
    }

    @Override
    public MemorySegment hostBuffer(long bytes) {
        return buffers.allocate(bytes, ALIGNMENT);
    }

    @Override
    public void upload(long address, MemorySegment from) {
        at(address, from.byteSize()).copyFrom(from);
    }

    @Override
    public void download(MemorySegment to, long address) {
        to.copyFrom(at(address, to.byteSize()));
    }

    @Override
    public void copy(BlockCopy copy) {
        for (long layer = 0; layer < copy.layers(); layer++) {
            for (long row = 0; row < copy.rows(); row++) {
                long offset = layer * copy.layerStride() + row * copy.rowStride();
                at(copy.to() + offset, copy.bytes()).copyFrom(at(copy.from() + offset, copy.bytes()));
            }
        }
    }

    @Override
    public void synchronize() {
        // Nothing is left to wait for.
    }

    private static MemorySegment at(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    @Override
    public void close() {
        blocks.values().forEach(Arena::close);
        blocks.clear();
        buffers.close();
    }
}
