package dev.fewbit.model.device;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/** Compiled kernels, launched on the stream of their GPU's memory. They stay loaded until this is closed. */
public final class CudaKernels implements AutoCloseable {
    private final CudaFunctions cuda;
    private final MemorySegment stream;
    private final MemorySegment module;
    private final Map<String, MemorySegment> functions = new HashMap<>();

    /**
     * The blocks of a launch and the threads of each.
     *
     * @param x blocks, as {@code y} and {@code z}
     * @param threads of a block
     */
    public record Grid(int x, int y, int z, int threads) {}

    CudaKernels(CudaFunctions cuda, MemorySegment stream, byte[] image) {
        this.cuda = cuda;
        this.stream = stream;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pointer = arena.allocate(ADDRESS);
            cuda.call("cuModuleLoadData", pointer, arena.allocateFrom(JAVA_BYTE, image));
            module = pointer.get(ADDRESS, 0);
        }
    }

    /**
     * Launches a kernel; the context of the GPU is current to the thread.
     *
     * @param arguments Integer, Long (an address) or Float
     * @throws DeviceException when it is refused
     */
    public void launch(String name, Grid grid, Object... arguments) {
        MemorySegment function = functions.computeIfAbsent(name, this::function);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment parameters = arena.allocate(ADDRESS, arguments.length);
            for (int i = 0; i < arguments.length; i++) {
                parameters.setAtIndex(
                        ADDRESS,
                        i,
                        switch (arguments[i]) {
                            case Integer number -> arena.allocateFrom(JAVA_INT, number);
                            case Long number -> arena.allocateFrom(JAVA_LONG, number);
                            case Float number -> arena.allocateFrom(JAVA_FLOAT, number);
                            default -> throw new IllegalArgumentException(arguments[i] + ": Integer, Long or Float");
                        });
            }
            cuda.call(
                    "cuLaunchKernel",
                    function,
                    grid.x(),
                    grid.y(),
                    grid.z(),
                    grid.threads(),
                    1,
                    1,
                    0,
                    stream,
                    parameters,
                    MemorySegment.NULL);
        }
    }

    private MemorySegment function(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pointer = arena.allocate(ADDRESS);
            cuda.call("cuModuleGetFunction", pointer, module, arena.allocateFrom(name));
            return pointer.get(ADDRESS, 0);
        }
    }

    @Override
    public void close() {
        cuda.call("cuModuleUnload", module);
    }
}
