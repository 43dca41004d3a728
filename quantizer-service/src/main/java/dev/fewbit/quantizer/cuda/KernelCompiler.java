package dev.fewbit.quantizer.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Compiles CUDA C to machine code for one device's architecture, by NVRTC.
 *
 * @see <a href="https://docs.nvidia.com/cuda/nvrtc/">NVRTC</a>
 */
// Calling a native library is what this class is for.
@SuppressWarnings("restricted")
final class KernelCompiler {
    private final Linker linker = Linker.nativeLinker();
    private final SymbolLookup library;
    private final String architecture;

    KernelCompiler(SymbolLookup library, CudaDriver.Opened device) {
        this(library, "sm_" + device.major() + device.minor());
    }

    /** @param architecture such as {@code sm_90} */
    KernelCompiler(SymbolLookup library, String architecture) {
        this.library = library;
        this.architecture = architecture;
    }

    private MethodHandle function(String name, MemoryLayout... arguments) {
        MemorySegment address = library.find(name)
                .orElseThrow(() -> new CudaException("device cuda: NVRTC has no " + name + ": it is older than 12"));
        return linker.downcallHandle(address, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    /** Release of the compiler, such as {@code 13.0}. */
    String version() {
        MethodHandle get = function("nvrtcVersion", ADDRESS, ADDRESS);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment major = arena.allocate(JAVA_INT);
            MemorySegment minor = arena.allocate(JAVA_INT);
            check("nvrtcVersion", NativeCall.status("nvrtcVersion", () -> (int) get.invokeExact(major, minor)));
            return major.get(JAVA_INT, 0) + "." + minor.get(JAVA_INT, 0);
        }
    }

    /**
     * Machine code of a resource beside this class.
     *
     * @throws CudaException when it does not compile, with the first line that the compiler has to say
     */
    byte[] compile(String resource) {
        MethodHandle create = function("nvrtcCreateProgram", ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
        MethodHandle compile = function("nvrtcCompileProgram", ADDRESS, JAVA_INT, ADDRESS);
        MethodHandle destroy = function("nvrtcDestroyProgram", ADDRESS);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment program = arena.allocate(ADDRESS);
            MemorySegment source = arena.allocateFrom(source(resource));
            MemorySegment name = arena.allocateFrom(resource);
            check("nvrtcCreateProgram", NativeCall.status("nvrtcCreateProgram", () ->
                    (int) create.invokeExact(program, source, name, 0, MemorySegment.NULL, MemorySegment.NULL)));
            MemorySegment pointer = program.get(ADDRESS, 0);
            try {
                List<String> options = List.of("--gpu-architecture=" + architecture, "--std=c++17");
                MemorySegment texts = arena.allocate(ADDRESS, options.size());
                for (int i = 0; i < options.size(); i++) {
                    texts.setAtIndex(ADDRESS, i, arena.allocateFrom(options.get(i)));
                }
                int count = options.size();
                int status = NativeCall.status(
                        "nvrtcCompileProgram", () -> (int) compile.invokeExact(pointer, count, texts));
                if (status != 0) {
                    throw new CudaException("device cuda: " + resource + " does not compile for " + architecture + ": "
                            + firstLine(bytes(arena, pointer, "nvrtcGetProgramLogSize", "nvrtcGetProgramLog")));
                }
                return bytes(arena, pointer, "nvrtcGetCUBINSize", "nvrtcGetCUBIN");
            } finally {
                NativeCall.status("nvrtcDestroyProgram", () -> (int) destroy.invokeExact(program));
            }
        }
    }

    private byte[] bytes(Arena arena, MemorySegment program, String size, String get) {
        MemorySegment count = arena.allocate(JAVA_LONG);
        MethodHandle ask = function(size, ADDRESS, ADDRESS);
        check(size, NativeCall.status(size, () -> (int) ask.invokeExact(program, count)));
        MemorySegment bytes = arena.allocate(count.get(JAVA_LONG, 0));
        MethodHandle read = function(get, ADDRESS, ADDRESS);
        check(get, NativeCall.status(get, () -> (int) read.invokeExact(program, bytes)));
        return bytes.toArray(JAVA_BYTE);
    }

    private static String firstLine(byte[] log) {
        return new String(log, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("error"))
                .findFirst()
                .orElse("no reason given");
    }

    private static void check(String function, int status) {
        if (status != 0) {
            throw new CudaException("device cuda: " + function + ": NVRTC status " + status);
        }
    }

    private static String source(String resource) {
        try (InputStream in = KernelCompiler.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException(resource + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CudaException(resource + " cannot be read: " + e.getMessage(), e);
        }
    }
}
