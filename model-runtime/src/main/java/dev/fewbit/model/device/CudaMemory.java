package dev.fewbit.model.device;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A GPU's memory, and the stream that its copies and its sessions' work stand in line on. */
// Host buffers are the driver's memory.
@SuppressWarnings("restricted")
public final class CudaMemory implements DeviceMemory {
    private static final int LONGEST_NAME = 256;
    private static final int NON_BLOCKING = 1;
    private static final int DEVICE_KIND = 2;
    private static final long MIB = 1 << 20;
    /** Numbers of the compute capability's attributes. */
    private static final int MAJOR = 75;

    private static final int MINOR = 76;

    private final CudaFunctions cuda;
    private final CudaLibraries libraries;
    private final int device;
    private final String name;
    private final MemorySegment context;
    private final MemorySegment stream;
    private final Set<Long> blocks = new HashSet<>();
    private final List<MemorySegment> buffers = new ArrayList<>();

    private CudaMemory(CudaLibraries libraries, int number) {
        this.libraries = libraries;
        cuda = new CudaFunctions(libraries.open(CudaLibraries.DRIVER));
        try (Arena arena = Arena.ofConfined()) {
            cuda.call("cuInit", 0);
            MemorySegment found = arena.allocate(JAVA_LONG);
            cuda.call("cuDeviceGetCount", found);
            int count = found.get(JAVA_INT, 0);
            if (number < 0 || number >= count) {
                throw new DeviceException("device cuda:" + number + ": the driver sees " + count
                        + " GPUs (CUDA_VISIBLE_DEVICES hides some), numbered from 0");
            }
            cuda.call("cuDeviceGet", found, number);
            device = found.get(JAVA_INT, 0);
            MemorySegment text = arena.allocate(LONGEST_NAME);
            cuda.call("cuDeviceGetName", text, LONGEST_NAME, device);
            name = text.getString(0);
            MemorySegment pointer = arena.allocate(ADDRESS);
            cuda.call("cuDevicePrimaryCtxRetain", pointer, device);
            context = pointer.get(ADDRESS, 0);
            cuda.call("cuCtxSetCurrent", context);
            cuda.call("cuStreamCreate", pointer, NON_BLOCKING);
            stream = pointer.get(ADDRESS, 0);
        }
    }

    /** Opens a GPU, with libraries by what this process's environment says. */
    public static CudaMemory open(int number) {
        return open(number, new CudaLibraries(System.getenv()));
    }

    /**
     * Opens a GPU.
     *
     * @param number as the process sees them, from 0 on
     * @param libraries where the driver's is looked for
     * @throws DeviceException in one line, when there is none, or the driver is missing or too old
     */
    public static CudaMemory open(int number, CudaLibraries libraries) {
        return new CudaMemory(libraries, number);
    }

    @Override
    public String device() {
        return name;
    }

    @Override
    public long stream() {
        return stream.address();
    }

    @Override
    public long freeBytes() {
        return memory()[0];
    }

    /** Bytes of the whole device. */
    public long totalBytes() {
        return memory()[1];
    }

    private long[] memory() {
        bind();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment free = arena.allocate(JAVA_LONG);
            MemorySegment total = arena.allocate(JAVA_LONG);
            cuda.call("cuMemGetInfo_v2", free, total);
            return new long[] {free.get(JAVA_LONG, 0), total.get(JAVA_LONG, 0)};
        }
    }

    /**
     * Compiles kernels for this GPU.
     *
     * @param name for messages
     * @param source CUDA C, its kernels {@code extern "C"}
     * @param macros such as {@code DIM=128}
     * @throws DeviceException when NVRTC is not there, or refuses the source
     */
    public CudaKernels kernels(String name, String source, List<String> macros) {
        bind();
        KernelCompiler compiler = new KernelCompiler(libraries.open(KernelCompiler.LIBRARY), architecture());
        return new CudaKernels(cuda, stream, compiler.compile(name, source, macros));
    }

    /** Products on this GPU's stream. */
    public CudaProducts products() {
        bind();
        return new CudaProducts(new CudaFunctions(libraries.open(CudaProducts.LIBRARY)), this, stream);
    }

    /** Such as {@code sm_90}. */
    private String architecture() {
        return "sm_" + attribute(MAJOR) + attribute(MINOR);
    }

    private int attribute(int number) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_LONG);
            cuda.call("cuDeviceGetAttribute", value, number, device);
            return value.get(JAVA_INT, 0);
        }
    }

    @Override
    public long allocate(long bytes) {
        bind();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pointer = arena.allocate(JAVA_LONG);
            int status = cuda.status("cuMemAlloc_v2", pointer, bytes);
            if (status == CudaFunctions.OUT_OF_MEMORY) {
                long[] memory = memory();
                throw new TooLittleMemoryException(
                        "device cuda: %s has too little memory: %d MiB more are needed, %d of %d MiB are free"
                                .formatted(name, Math.ceilDiv(bytes, MIB), memory[0] / MIB, memory[1] / MIB));
            }
            if (status != 0) {
                cuda.call("cuMemAlloc_v2", pointer, bytes);
            }
            long address = pointer.get(JAVA_LONG, 0);
            blocks.add(address);
            cuda.call("cuMemsetD8Async", address, (byte) 0, bytes, stream);
            return address;
        }
    }

    @Override
    public void free(long address) {
        bind();
        blocks.remove(address);
        cuda.call("cuMemFree_v2", address);
    }

    @Override
    public MemorySegment hostBuffer(long bytes) {
        bind();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pointer = arena.allocate(ADDRESS);
            cuda.call("cuMemHostAlloc", pointer, bytes, 0);
            MemorySegment buffer = pointer.get(ADDRESS, 0).reinterpret(bytes);
            buffers.add(buffer);
            return buffer.fill((byte) 0);
        }
    }

    @Override
    public void upload(long address, MemorySegment from) {
        bind();
        cuda.call("cuMemcpyHtoDAsync_v2", address, from, from.byteSize(), stream);
    }

    @Override
    public void download(MemorySegment to, long address) {
        bind();
        cuda.call("cuMemcpyDtoHAsync_v2", to, address, to.byteSize(), stream);
    }

    @Override
    public void copy(BlockCopy copy) {
        bind();
        try (Arena arena = Arena.ofConfined()) {
            cuda.call("cuMemcpy3DAsync_v2", parameters(arena, copy), stream);
        }
    }

    /** CUDA_MEMCPY3D: a source and a target of 88 bytes each, then width, height and depth. */
    private static MemorySegment parameters(Arena arena, BlockCopy copy) {
        long side = 88;
        MemorySegment parameters = arena.allocate(2 * side + 3 * Long.BYTES, Long.BYTES);
        long[] addresses = {copy.from(), copy.to()};
        for (int i = 0; i < 2; i++) {
            MemorySegment part = parameters.asSlice(i * side, side);
            part.set(JAVA_INT, 32, DEVICE_KIND);
            part.set(JAVA_LONG, 48, addresses[i]);
            part.set(JAVA_LONG, 72, copy.rowStride());
            part.set(JAVA_LONG, 80, copy.layerStride() / copy.rowStride());
        }
        parameters.set(JAVA_LONG, 2 * side, copy.bytes());
        parameters.set(JAVA_LONG, 2 * side + Long.BYTES, copy.rows());
        parameters.set(JAVA_LONG, 2 * side + 2 * Long.BYTES, copy.layers());
        return parameters;
    }

    @Override
    public void synchronize() {
        bind();
        cuda.call("cuStreamSynchronize", stream);
    }

    /** For a profiler that waits for it: what is launched from now on, or no longer, is of interest. */
    public void profile(boolean on) {
        bind();
        cuda.call(on ? "cuProfilerStart" : "cuProfilerStop");
    }

    /** A context is current to a thread, and callers may change. */
    private void bind() {
        cuda.call("cuCtxSetCurrent", context);
    }

    @Override
    public void close() {
        bind();
        cuda.call("cuStreamSynchronize", stream);
        blocks.forEach(address -> cuda.call("cuMemFree_v2", address));
        blocks.clear();
        buffers.forEach(buffer -> cuda.call("cuMemFreeHost", buffer));
        buffers.clear();
        cuda.call("cuStreamDestroy_v2", stream);
        // The primary context stays: it is the process's, and taking it up again costs a second.
    }
}
