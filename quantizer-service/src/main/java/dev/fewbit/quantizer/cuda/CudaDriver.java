package dev.fewbit.quantizer.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The driver API, as far as the engine needs it. Every status is checked. Contexts, streams, modules and functions are the driver's
 * pointers; device memory is an address.
 *
 * @see <a href="https://docs.nvidia.com/cuda/cuda-driver-api/">CUDA driver API</a>
 */
// Calling a native library is what this class is for.
@SuppressWarnings("restricted")
final class CudaDriver {
    private static final int COMPUTE_CAPABILITY_MAJOR = 75;
    private static final int COMPUTE_CAPABILITY_MINOR = 76;
    private static final int MULTIPROCESSORS = 16;
    private static final int MAX_SHARED_OF_BLOCK = 97;
    private static final int OUT_OF_MEMORY = 2;
    private static final int NON_BLOCKING = 1;
    private static final int MAX_DYNAMIC_SHARED = 8;
    private static final int LONGEST_NAME = 256;

    private final Linker linker = Linker.nativeLinker();
    private final SymbolLookup library;
    private final MethodHandle errorName;
    private final MethodHandle errorString;
    private final MethodHandle setCurrent;
    private final MethodHandle memAlloc;
    private final MethodHandle memFree;
    private final MethodHandle memInfo;
    private final MethodHandle hostAlloc;
    private final MethodHandle hostFree;
    private final MethodHandle toDevice;
    private final MethodHandle toHost;
    private final MethodHandle onDevice;
    private final MethodHandle fill;
    private final MethodHandle launch;
    private final MethodHandle synchronize;

    CudaDriver(SymbolLookup library) {
        this.library = library;
        errorName = handle("cuGetErrorName", JAVA_INT, ADDRESS);
        errorString = handle("cuGetErrorString", JAVA_INT, ADDRESS);
        setCurrent = handle("cuCtxSetCurrent", ADDRESS);
        memAlloc = handle("cuMemAlloc_v2", ADDRESS, JAVA_LONG);
        memFree = handle("cuMemFree_v2", JAVA_LONG);
        memInfo = handle("cuMemGetInfo_v2", ADDRESS, ADDRESS);
        hostAlloc = handle("cuMemHostAlloc", ADDRESS, JAVA_LONG, JAVA_INT);
        hostFree = handle("cuMemFreeHost", ADDRESS);
        toDevice = handle("cuMemcpyHtoDAsync_v2", JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);
        toHost = handle("cuMemcpyDtoHAsync_v2", ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS);
        onDevice = handle("cuMemcpyDtoDAsync_v2", JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS);
        fill = handle("cuMemsetD8Async", JAVA_LONG, JAVA_BYTE, JAVA_LONG, ADDRESS);
        synchronize = handle("cuStreamSynchronize", ADDRESS);
        launch = handle(
                "cuLaunchKernel",
                ADDRESS,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                ADDRESS,
                ADDRESS,
                ADDRESS);
    }

    private MethodHandle handle(String name, MemoryLayout... arguments) {
        MemorySegment address = library.find(name)
                .orElseThrow(() -> new CudaException("device cuda: the NVIDIA driver has no " + name
                        + ": it is older than this needs; allowed: a driver for CUDA 12 or later"));
        return linker.downcallHandle(address, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    void check(String function, int status) {
        if (status != 0) {
            throw new CudaException("device cuda: " + function + ": " + describe(status));
        }
    }

    private void run(String function, NativeCall call) {
        check(function, NativeCall.status(function, call));
    }

    private String describe(int status) {
        return text(errorName, status) + " (" + text(errorString, status) + ")";
    }

    private String text(MethodHandle of, int status) {
        try (Arena arena = Arena.ofConfined()) {
            AddressLayout string = ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(LONGEST_NAME, JAVA_BYTE));
            MemorySegment text = arena.allocate(ADDRESS);
            int found = NativeCall.status("cuGetErrorName", () -> (int) of.invokeExact(status, text));
            return found == 0 ? text.get(string, 0).getString(0) : "error " + status;
        }
    }

    /** A device and its primary context, current to this thread. */
    record Opened(MemorySegment context, String name, int major, int minor, int multiprocessors, int sharedBytes) {}

    /** Opens device 0: {@code CUDA_VISIBLE_DEVICES} says which one that is. */
    Opened open() {
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle init = handle("cuInit", JAVA_INT);
            run("cuInit", () -> (int) init.invokeExact(0));
            MemorySegment number = arena.allocate(JAVA_INT);
            MethodHandle count = handle("cuDeviceGetCount", ADDRESS);
            run("cuDeviceGetCount", () -> (int) count.invokeExact(number));
            if (number.get(JAVA_INT, 0) == 0) {
                throw new CudaException("device cuda: the driver sees no GPU (CUDA_VISIBLE_DEVICES hides some)");
            }
            MethodHandle get = handle("cuDeviceGet", ADDRESS, JAVA_INT);
            run("cuDeviceGet", () -> (int) get.invokeExact(number, 0));
            int device = number.get(JAVA_INT, 0);
            MemorySegment name = arena.allocate(LONGEST_NAME);
            MethodHandle getName = handle("cuDeviceGetName", ADDRESS, JAVA_INT, JAVA_INT);
            run("cuDeviceGetName", () -> (int) getName.invokeExact(name, LONGEST_NAME, device));
            MemorySegment context = arena.allocate(ADDRESS);
            MethodHandle retain = handle("cuDevicePrimaryCtxRetain", ADDRESS, JAVA_INT);
            run("cuDevicePrimaryCtxRetain", () -> (int) retain.invokeExact(context, device));
            Opened opened = new Opened(
                    context.get(ADDRESS, 0),
                    name.getString(0),
                    attribute(arena, COMPUTE_CAPABILITY_MAJOR, device),
                    attribute(arena, COMPUTE_CAPABILITY_MINOR, device),
                    attribute(arena, MULTIPROCESSORS, device),
                    attribute(arena, MAX_SHARED_OF_BLOCK, device));
            makeCurrent(opened.context());
            return opened;
        }
    }

    private int attribute(Arena arena, int attribute, int device) {
        MemorySegment value = arena.allocate(JAVA_INT);
        MethodHandle get = handle("cuDeviceGetAttribute", ADDRESS, JAVA_INT, JAVA_INT);
        run("cuDeviceGetAttribute", () -> (int) get.invokeExact(value, attribute, device));
        return value.get(JAVA_INT, 0);
    }

    void makeCurrent(MemorySegment context) {
        run("cuCtxSetCurrent", () -> (int) setCurrent.invokeExact(context));
    }

    MemorySegment newStream() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment stream = arena.allocate(ADDRESS);
            MethodHandle create = handle("cuStreamCreate", ADDRESS, JAVA_INT);
            run("cuStreamCreate", () -> (int) create.invokeExact(stream, NON_BLOCKING));
            return stream.get(ADDRESS, 0);
        }
    }

    void destroyStream(MemorySegment stream) {
        MethodHandle destroy = handle("cuStreamDestroy_v2", ADDRESS);
        run("cuStreamDestroy", () -> (int) destroy.invokeExact(stream));
    }

    /** Bytes that are free, and all of them. */
    long[] memory() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment free = arena.allocate(JAVA_LONG);
            MemorySegment all = arena.allocate(JAVA_LONG);
            run("cuMemGetInfo", () -> (int) memInfo.invokeExact(free, all));
            return new long[] {free.get(JAVA_LONG, 0), all.get(JAVA_LONG, 0)};
        }
    }

    /** Device memory; 0 where there is not enough. */
    long allocate(long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(JAVA_LONG);
            int status = NativeCall.status("cuMemAlloc", () -> (int) memAlloc.invokeExact(address, bytes));
            if (status == OUT_OF_MEMORY) {
                return 0;
            }
            check("cuMemAlloc", status);
            return address.get(JAVA_LONG, 0);
        }
    }

    void free(long address) {
        run("cuMemFree", () -> (int) memFree.invokeExact(address));
    }

    /** Host memory that the device copies from and to without a detour; lives until it is given back. */
    MemorySegment allocateHost(long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(ADDRESS);
            run("cuMemHostAlloc", () -> (int) hostAlloc.invokeExact(address, bytes, 0));
            return address.get(ADDRESS, 0).reinterpret(bytes);
        }
    }

    void freeHost(MemorySegment memory) {
        run("cuMemFreeHost", () -> (int) hostFree.invokeExact(memory));
    }

    void copyToDevice(long to, MemorySegment from, long bytes, MemorySegment stream) {
        run("cuMemcpyHtoDAsync", () -> (int) toDevice.invokeExact(to, from, bytes, stream));
    }

    void copyToHost(MemorySegment to, long from, long bytes, MemorySegment stream) {
        run("cuMemcpyDtoHAsync", () -> (int) toHost.invokeExact(to, from, bytes, stream));
    }

    void copyOnDevice(long to, long from, long bytes, MemorySegment stream) {
        run("cuMemcpyDtoDAsync", () -> (int) onDevice.invokeExact(to, from, bytes, stream));
    }

    void clear(long address, long bytes, MemorySegment stream) {
        run("cuMemsetD8Async", () -> (int) fill.invokeExact(address, (byte) 0, bytes, stream));
    }

    void synchronize(MemorySegment stream) {
        run("cuStreamSynchronize", () -> (int) synchronize.invokeExact(stream));
    }

    MemorySegment loadModule(MemorySegment image) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment module = arena.allocate(ADDRESS);
            MethodHandle load = handle("cuModuleLoadData", ADDRESS, ADDRESS);
            run("cuModuleLoadData", () -> (int) load.invokeExact(module, image));
            return module.get(ADDRESS, 0);
        }
    }

    void unloadModule(MemorySegment module) {
        MethodHandle unload = handle("cuModuleUnload", ADDRESS);
        run("cuModuleUnload", () -> (int) unload.invokeExact(module));
    }

    MemorySegment function(MemorySegment module, String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment function = arena.allocate(ADDRESS);
            MemorySegment text = arena.allocateFrom(name);
            MethodHandle get = handle("cuModuleGetFunction", ADDRESS, ADDRESS, ADDRESS);
            run("cuModuleGetFunction " + name, () -> (int) get.invokeExact(function, module, text));
            return function.get(ADDRESS, 0);
        }
    }

    /** Lets a kernel ask for more than 48 KiB of shared memory. */
    void allowShared(MemorySegment function, int bytes) {
        MethodHandle set = handle("cuFuncSetAttribute", ADDRESS, JAVA_INT, JAVA_INT);
        run("cuFuncSetAttribute", () -> (int) set.invokeExact(function, MAX_DYNAMIC_SHARED, bytes));
    }

    /** @param parameters addresses of the arguments */
    void launch(String name, MemorySegment function, Grid grid, MemorySegment stream, MemorySegment parameters) {
        run("cuLaunchKernel " + name, () -> (int) launch.invokeExact(
                function,
                grid.x(),
                grid.y(),
                1,
                grid.threads(),
                1,
                1,
                grid.sharedBytes(),
                stream,
                parameters,
                MemorySegment.NULL));
    }
}
