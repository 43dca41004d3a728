package dev.fewbit.model.device;

import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds CUDA's libraries: where {@code FEWBIT_CUDA_LIBRARY_PATH} says (directories, separated by colons), where the system's loader
 * looks, in {@code /usr/local/cuda*}, and in the {@code nvidia-*} packages of the Python installations on {@code PATH}.
 */
// Opening native libraries is what this class is for.
@SuppressWarnings("restricted")
public final class CudaLibraries {
    static final String DRIVER = "libcuda.so.1";

    /** What ONNX Runtime's CUDA provider is linked to, in the order in which one needs the other. */
    private static final List<String> OF_PROVIDER =
            List.of("libcudart.so.13", "libcublasLt.so.13", "libcublas.so.13", "libcurand.so.10");
    /** What it opens when it finds it. */
    private static final List<String> OPTIONAL = List.of("libcudnn.so.9");

    private final CudaDirectories directories;

    /** @param environment of this process */
    public CudaLibraries(Map<String, String> environment) {
        this.directories = new CudaDirectories(environment);
    }

    /**
     * Loads what a build of ONNX Runtime for CUDA 13 is linked to, so that the system's loader finds it loaded, wherever it lies.
     *
     * @throws DeviceException when one of them is nowhere
     */
    public void preload() {
        open(DRIVER);
        OF_PROVIDER.forEach(this::open);
        OPTIONAL.forEach(this::find);
    }

    /**
     * Opens a library for the rest of the process.
     *
     * @throws DeviceException in one line, with the places that were looked at
     */
    SymbolLookup open(String name) {
        SymbolLookup found = find(name);
        if (found == null) {
            throw new DeviceException(
                    "device cuda: " + name + " was not found, or cannot be loaded; looked in the loader's path, "
                            + directories.named() + " and " + known() + "; " + CudaDirectories.VARIABLE
                            + " names other directories");
        }
        return found;
    }

    /** As {@link #open}, null where it is nowhere. */
    private SymbolLookup find(String name) {
        SymbolLookup found = in(directories.named(), name);
        if (found == null) {
            found = byLoader(name);
        }
        return found == null ? in(known(), name) : found;
    }

    private static SymbolLookup byLoader(String name) {
        try {
            return SymbolLookup.libraryLookup(name, Arena.global());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static SymbolLookup in(Collection<Path> directories, String name) {
        for (Path directory : directories) {
            Path file = directory.resolve(name);
            if (Files.isRegularFile(file)) {
                try {
                    return SymbolLookup.libraryLookup(file, Arena.global());
                } catch (IllegalArgumentException e) {
                    // For another machine, or without what it needs itself: the next may do.
                    continue;
                }
            }
        }
        return null;
    }

    private Set<Path> known() {
        try {
            return directories.known();
        } catch (UncheckedIOException e) {
            throw new DeviceException(e.getCause().getMessage(), e);
        }
    }
}
