package dev.fewbit.quantizer.matrix;

import dev.fewbit.quantizer.QuantizationException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * OpenBLAS 0.3.31 as its jar for Linux on x86-64 brings it, unpacked to a temporary directory, opened, and removed again. It is held to
 * one thread a call. It picks its kernels by the processor, which {@link #core()} names.
 */
// Calling a native library is what this class is for.
@SuppressWarnings("restricted")
final class OpenBlas {
    private static final String FOLDER = "org/bytedeco/openblas/linux-x86_64/";
    // Each needs those before it.
    private static final List<String> LIBRARIES =
            List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5", "libopenblas.so.0");
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
    private static final MemoryLayout POINTER = ValueLayout.ADDRESS;
    private static final int LONGEST_NAME = 64;

    final MethodHandle sgemm;
    /** The same for arrays on the heap: the garbage collector waits for the call, which therefore has to be short. */
    final MethodHandle sgemmOnHeap;

    final MethodHandle dpotrf;
    final MethodHandle dpotri;
    final MethodHandle dpotrs;
    private final String core;

    private OpenBlas(SymbolLookup library) throws Throwable {
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor gemm = FunctionDescriptor.ofVoid(
                INT, INT, INT, INT, INT, INT, FLOAT, POINTER, INT, POINTER, INT, FLOAT, POINTER, INT);
        MemorySegment gemmAddress = library.findOrThrow("cblas_sgemm");
        sgemm = linker.downcallHandle(gemmAddress, gemm);
        sgemmOnHeap = linker.downcallHandle(gemmAddress, gemm, Linker.Option.critical(true));
        FunctionDescriptor factor = FunctionDescriptor.ofVoid(POINTER, POINTER, POINTER, POINTER, POINTER);
        dpotrf = linker.downcallHandle(library.findOrThrow("dpotrf_"), factor);
        dpotri = linker.downcallHandle(library.findOrThrow("dpotri_"), factor);
        dpotrs = linker.downcallHandle(
                library.findOrThrow("dpotrs_"),
                FunctionDescriptor.ofVoid(POINTER, POINTER, POINTER, POINTER, POINTER, POINTER, POINTER, POINTER));
        linker.downcallHandle(library.findOrThrow("openblas_set_num_threads"), FunctionDescriptor.ofVoid(INT))
                .invokeExact(1);
        MemorySegment name = (MemorySegment) linker.downcallHandle(
                        library.findOrThrow("openblas_get_corename"), FunctionDescriptor.of(ValueLayout.ADDRESS))
                .invokeExact();
        core = name.reinterpret(LONGEST_NAME).getString(0);
    }

    /** The library, opened when first asked for. */
    static OpenBlas get() {
        return Holder.LIBRARY;
    }

    /** The kind of processor that the kernels are for, such as {@code SkylakeX}. */
    String core() {
        return core;
    }

    static boolean isAvailable() {
        return System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
    }

    private static OpenBlas open() {
        if (!isAvailable()) {
            throw new QuantizationException("calibrated methods need Linux on x86-64; this is "
                    + System.getProperty("os.name") + " on " + System.getProperty("os.arch"));
        }
        List<Path> files = new ArrayList<>();
        try {
            Path directory = Files.createTempDirectory("fewbit-openblas");
            try {
                SymbolLookup library = null;
                for (String name : LIBRARIES) {
                    Path file = directory.resolve(name);
                    files.add(file);
                    unpack(name, file);
                    library = SymbolLookup.libraryLookup(file, Arena.global());
                }
                return new OpenBlas(library);
            } finally {
                for (Path file : files) {
                    Files.deleteIfExists(file);
                }
                Files.deleteIfExists(directory);
            }
        } catch (IOException e) {
            throw new QuantizationException("OpenBLAS cannot be unpacked: " + e.getMessage(), e);
        } catch (Throwable e) {
            // Method handles declare Throwable.
            throw new QuantizationException("OpenBLAS cannot be opened: " + e.getMessage(), e);
        }
    }

    private static void unpack(String name, Path file) throws IOException {
        try (InputStream in = OpenBlas.class.getClassLoader().getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new IOException(FOLDER + name + " is not on the class path");
            }
            Files.copy(in, file);
        }
    }

    private static final class Holder {
        private static final OpenBlas LIBRARY = open();
    }
}
