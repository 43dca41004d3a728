package dev.fewbit.quantizer.cuda;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
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
    static final String VARIABLE = "FEWBIT_CUDA_LIBRARY_PATH";
    private static final Path TOOLKITS = Path.of("/usr/local");

    private final Map<String, String> environment;
    private final Path toolkits;

    /** @param environment of this process */
    LibrarySearch(Map<String, String> environment) {
        this(environment, TOOLKITS);
    }

    /** @param toolkits directory in which toolkits are installed as {@code cuda*} */
    LibrarySearch(Map<String, String> environment, Path toolkits) {
        this.environment = environment;
        this.toolkits = toolkits;
    }

    /**
     * Opens a library for the rest of the process: drivers do not survive being unloaded.
     *
     * @throws CudaException in one line, when it is nowhere, with the places that were looked at
     */
    SymbolLookup open(CudaLibrary library) {
        List<String> failures = new ArrayList<>();
        List<Path> given = given();
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
                .append(VARIABLE)
                .append(" names other directories")
                .toString();
    }

    private List<Path> given() {
        return paths(VARIABLE);
    }

    /** Directories of toolkits and Python packages that exist. */
    Set<Path> known() {
        Set<Path> directories = new LinkedHashSet<>();
        for (Path toolkit : children(toolkits, "cuda*")) {
            add(directories, toolkit.resolve("lib64"));
        }
        for (Path packages : sitePackages()) {
            for (Path part : children(packages.resolve("nvidia"), "*")) {
                add(directories, part.resolve("lib"));
            }
        }
        return directories;
    }

    private Set<Path> sitePackages() {
        Set<Path> packages = new LinkedHashSet<>(paths("PYTHONPATH"));
        Set<Path> prefixes = new LinkedHashSet<>(paths("VIRTUAL_ENV"));
        prefixes.addAll(paths("CONDA_PREFIX"));
        for (Path directory : paths("PATH")) {
            Path python = directory.resolve("python3");
            if (Files.isExecutable(python) && directory.getParent() != null) {
                prefixes.add(directory.getParent());
            }
        }
        for (Path prefix : prefixes) {
            for (Path version : children(prefix.resolve("lib"), "python3*")) {
                add(packages, version.resolve("site-packages"));
                add(packages, version.resolve("dist-packages"));
            }
        }
        return packages;
    }

    private List<Path> paths(String variable) {
        List<Path> paths = new ArrayList<>();
        for (String part : environment.getOrDefault(variable, "").split(File.pathSeparator)) {
            if (!part.isBlank()) {
                paths.add(Path.of(part));
            }
        }
        return paths;
    }

    private static void add(Set<Path> directories, Path directory) {
        if (Files.isDirectory(directory)) {
            directories.add(directory);
        }
    }

    private static List<Path> children(Path directory, String pattern) {
        List<Path> children = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, pattern)) {
                entries.forEach(children::add);
            } catch (IOException e) {
                throw new CudaException("device cuda: " + directory + " cannot be read: " + e.getMessage(), e);
            }
        }
        children.sort(null);
        return children;
    }
}
