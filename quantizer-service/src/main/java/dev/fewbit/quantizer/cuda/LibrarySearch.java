package dev.fewbit.quantizer.cuda;

import dev.fewbit.model.device.CudaDirectories;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds CUDA's libraries, in this order: {@code FEWBIT_CUDA_LIBRARY_PATH} (directories, separated by colons), where the system's loader
 * looks, {@code /usr/local/cuda*}, and the {@code nvidia-*} packages of Python installations (those of {@code PYTHONPATH}, of a virtual
 * environment, and of every {@code python3} on {@code PATH}).
 */
// Opening native libraries is what this class is for.
@SuppressWarnings("restricted")
final class LibrarySearch {
    private final CudaDirectories directories;

    /** @param environment of this process */
    LibrarySearch(Map<String, String> environment) {
        directories = new CudaDirectories(environment);
    }

    /** @param toolkits directory in which toolkits are installed as {@code cuda*} */
    LibrarySearch(Map<String, String> environment, Path toolkits) {
        directories = new CudaDirectories(environment, toolkits);
    }

    /**
     * Opens a library for the rest of the process: drivers do not survive being unloaded.
     *
     * @throws CudaException in one line, when it is nowhere, with the places that were looked at
     */
    SymbolLookup open(CudaLibrary library) {
        List<String> failures = new ArrayList<>();
        List<Path> given = directories.named();
        for (Path directory : given) {
            SymbolLookup found = in(directory, library, failures);
            if (found != null) {
                return found;
            }
        }
        for (String name : library.names()) {
            try {
                return SymbolLookup.libraryLookup(name, Arena.global());
            } catch (IllegalArgumentException e) {
                // The loader does not know it: the directories come next.
                continue;
            }
        }
        Set<Path> known = known();
        for (Path directory : known) {
            SymbolLookup found = in(directory, library, failures);
            if (found != null) {
                return found;
            }
        }
        throw new CudaException(missing(library, given, known, failures));
    }

    private static SymbolLookup in(Path directory, CudaLibrary library, List<String> failures) {
        for (String name : library.names()) {
            Path file = directory.resolve(name);
            if (Files.isRegularFile(file)) {
                try {
                    return SymbolLookup.libraryLookup(file, Arena.global());
                } catch (IllegalArgumentException e) {
                    failures.add(file + " cannot be loaded");
                }
            }
        }
        return null;
    }

    private String missing(CudaLibrary library, List<Path> given, Set<Path> known, List<String> failures) {
        StringBuilder message = new StringBuilder("device cuda: ")
                .append(library.title())
                .append(" (")
                .append(String.join(" or ", library.names()))
                .append(") was not found; looked in ");
        List<String> places = new ArrayList<>();
        given.forEach(path -> places.add(path.toString()));
        places.add("the loader's path");
        known.forEach(path -> places.add(path.toString()));
        message.append(String.join(", ", places));
        failures.forEach(failure -> message.append("; ").append(failure));
        return message.append("; it comes with ")
                .append(library.source())
                .append(", and ")
                .append(CudaDirectories.VARIABLE)
                .append(" names other directories")
                .toString();
    }

    /** Directories of toolkits and Python packages that exist. */
    Set<Path> known() {
        try {
            return directories.known();
        } catch (UncheckedIOException e) {
            throw new CudaException(e.getCause().getMessage(), e);
        }
    }
}
