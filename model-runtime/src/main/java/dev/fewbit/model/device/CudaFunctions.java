package dev.fewbit.model.device;

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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Functions of the CUDA driver API, by name. Every status is checked.
 *
 * @see <a href="https://docs.nvidia.com/cuda/cuda-driver-api/">CUDA driver API</a>
 */
// Calling a native library is what this class is for.
@SuppressWarnings("restricted")
final class CudaFunctions {
    static final int OUT_OF_MEMORY = 2;
    private static final int LONGEST_TEXT = 512;
    private static final AddressLayout TEXT =
            ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(LONGEST_TEXT, JAVA_BYTE));

    private final Linker linker = Linker.nativeLinker();
    private final SymbolLookup library;
    private final Map<String, MethodHandle> handles = new ConcurrentHashMap<>();

    CudaFunctions(SymbolLookup library) {
        this.library = library;
    }

    /** Calls a function; what kind its arguments are is told by their classes: Integer, Long, Byte or MemorySegment. */
    void call(String name, Object... arguments) {
        int status = status(name, arguments);
        if (status != 0) {
            throw new DeviceException("device cuda: " + name + ": " + text("cuGetErrorName", status) + " ("
                    + text("cuGetErrorString", status) + ")");
        }
    }

    /** As {@link #call}; the caller looks at the status. */
    int status(String name, Object... arguments) {
        MethodHandle handle = handles.computeIfAbsent(name, function -> handle(function, arguments));
        try {
            return (int) handle.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(name + " throws nothing", e);
        }
    }

    private MethodHandle handle(String name, Object... arguments) {
        MemorySegment address = library.find(name)
                .orElseThrow(() -> new DeviceException("device cuda: the NVIDIA driver has no " + name
                        + ": it is older than this needs; allowed: a driver for CUDA 12 or later"));
        MemoryLayout[] layouts = new MemoryLayout[arguments.length];
        for (int i = 0; i < layouts.length; i++) {
            layouts[i] = switch (arguments[i]) {
                case Integer _ -> JAVA_INT;
                case Long _ -> JAVA_LONG;
                case Byte _ -> JAVA_BYTE;
                default -> ADDRESS;
            };
        }
        return linker.downcallHandle(address, FunctionDescriptor.of(JAVA_INT, layouts));
    }

    private String text(String of, int status) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(ADDRESS);
            return status(of, status, text) == 0 ? text.get(TEXT, 0).getString(0) : "error " + status;
        }
    }
}
