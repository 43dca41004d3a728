package dev.fewbit.evaluator.energy;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One GPU through NVIDIA's management library, which comes with the driver. Counts and readings are of the whole device.
 *
 * @see <a href="https://docs.nvidia.com/deploy/nvml-api/group__nvmlDeviceQueries.html">NVML: device queries</a>
 */
// Calling a native library is what this class is for.
@SuppressWarnings("restricted")
final class Nvml implements AutoCloseable {
    static final String LIBRARY = "libnvidia-ml.so.1";
    private static final int SUCCESS = 0;
    private static final int NAME_BYTES = 96;
    /** nvmlMemory_t: total, free, used. */
    private static final int MEMORY_WORDS = 3;

    private static final double MILLI = 1e-3;

    private final Arena arena;
    private final SymbolLookup library;
    private final MemorySegment device;
    private final MemorySegment answer;
    private final MethodHandle energy;
    private final MethodHandle power;
    private final MethodHandle memory;
    private final String name;

    private Nvml(Arena arena, SymbolLookup library, int index) {
        this.arena = arena;
        this.library = library;
        answer = arena.allocate(JAVA_LONG, MEMORY_WORDS);
        check("nvmlInit_v2", invoke(function("nvmlInit_v2")));
        MemorySegment handle = arena.allocate(ADDRESS);
        check(
                "nvmlDeviceGetHandleByIndex_v2",
                invoke(function("nvmlDeviceGetHandleByIndex_v2", JAVA_INT, ADDRESS), index, handle));
        device = handle.get(ADDRESS, 0);
        MemorySegment text = arena.allocate(NAME_BYTES);
        check(
                "nvmlDeviceGetName",
                invoke(function("nvmlDeviceGetName", ADDRESS, ADDRESS, JAVA_INT), device, text, NAME_BYTES));
        name = text.asSlice(0, NAME_BYTES).elements(JAVA_BYTE).anyMatch(b -> b.get(JAVA_BYTE, 0) == 0)
                ? text.getString(0)
                : "GPU";
        energy = function("nvmlDeviceGetTotalEnergyConsumption", ADDRESS, ADDRESS);
        power = function("nvmlDeviceGetPowerUsage", ADDRESS, ADDRESS);
        memory = function("nvmlDeviceGetMemoryInfo", ADDRESS, ADDRESS);
    }

    /**
     * The GPU, or empty where there is no driver or no such device.
     *
     * @param library file name or path
     * @param index of the device, from 0
     */
    static Optional<Nvml> open(String library, int index) {
        Arena arena = Arena.ofShared();
        try {
            return Optional.of(new Nvml(arena, SymbolLookup.libraryLookup(library, arena), index));
        } catch (IllegalArgumentException | EnergyException e) {
            // No such library or no such device: nothing to measure, which the meter's description says.
            arena.close();
            return Optional.empty();
        }
    }

    String name() {
        return name;
    }

    /** Millijoules since the driver was loaded; empty on GPUs older than Volta, which do not count. */
    OptionalLong millijoules() {
        return invoke(energy, device, answer) == SUCCESS
                ? OptionalLong.of(answer.get(JAVA_LONG, 0))
                : OptionalLong.empty();
    }

    /** Watts now. */
    double watts() {
        check("nvmlDeviceGetPowerUsage", invoke(power, device, answer));
        return answer.get(JAVA_INT, 0) * MILLI;
    }

    /** Bytes in use on the device, by whomever. */
    long usedBytes() {
        check("nvmlDeviceGetMemoryInfo", invoke(memory, device, answer));
        return answer.getAtIndex(JAVA_LONG, 2);
    }

    @Override
    public void close() {
        invoke(function("nvmlShutdown"));
        arena.close();
    }

    private MethodHandle function(String symbol, MemoryLayout... arguments) {
        MemorySegment address =
                library.find(symbol).orElseThrow(() -> new EnergyException("the NVML library has no " + symbol));
        return Linker.nativeLinker().downcallHandle(address, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    private static int invoke(MethodHandle function, Object... arguments) {
        try {
            return (int) function.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException("native functions throw nothing", e);
        }
    }

    private static void check(String symbol, int status) {
        if (status != SUCCESS) {
            throw new EnergyException(symbol + " answers " + status);
        }
    }
}
