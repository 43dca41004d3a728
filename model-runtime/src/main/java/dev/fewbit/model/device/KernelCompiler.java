package dev.fewbit.model.device;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Compiles CUDA C to machine code of one architecture, by NVRTC.
 *
 * @see <a href="https://docs.nvidia.com/cuda/nvrtc/">NVRTC</a>
 */
final class KernelCompiler {
    static final String LIBRARY = "libnvrtc.so.13";

    private final CudaFunctions nvrtc;
    private final String architecture;

    /** @param architecture such as {@code sm_90} */
    KernelCompiler(SymbolLookup library, String architecture) {
        nvrtc = new CudaFunctions(library);
        this.architecture = architecture;
    }

    byte[] compile(String name, String source, List<String> macros) {
        List<String> options = new ArrayList<>(List.of("--gpu-architecture=" + architecture, "--std=c++17"));
        macros.forEach(macro -> options.add("--define-macro=" + macro));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment program = arena.allocate(ADDRESS);
            check(
                    "nvrtcCreateProgram",
                    nvrtc.status(
                            "nvrtcCreateProgram",
                            program,
                            arena.allocateFrom(source),
                            arena.allocateFrom(name),
                            0,
                            MemorySegment.NULL,
                            MemorySegment.NULL));
            MemorySegment pointer = program.get(ADDRESS, 0);
            try {
                MemorySegment texts = arena.allocate(ADDRESS, options.size());
                for (int i = 0; i < options.size(); i++) {
                    texts.setAtIndex(ADDRESS, i, arena.allocateFrom(options.get(i)));
                }
                if (nvrtc.status("nvrtcCompileProgram", pointer, options.size(), texts) != 0) {
                    throw new DeviceException(
                            "device cuda: " + name + " does not compile for " + architecture + ": " + reason(pointer));
                }
                return bytes(pointer, "nvrtcGetCUBINSize", "nvrtcGetCUBIN");
            } finally {
                nvrtc.status("nvrtcDestroyProgram", program);
            }
        }
    }

    private String reason(MemorySegment program) {
        return new String(bytes(program, "nvrtcGetProgramLogSize", "nvrtcGetProgramLog"), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("error"))
                .findFirst()
                .orElse("no reason given");
    }

    private byte[] bytes(MemorySegment program, String size, String get) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_LONG);
            check(size, nvrtc.status(size, program, count));
            MemorySegment bytes = arena.allocate(count.get(JAVA_LONG, 0));
            check(get, nvrtc.status(get, program, bytes));
            return bytes.toArray(JAVA_BYTE);
        }
    }

    private static void check(String function, int status) {
        if (status != 0) {
            throw new DeviceException("device cuda: " + function + ": NVRTC status " + status);
        }
    }
}
