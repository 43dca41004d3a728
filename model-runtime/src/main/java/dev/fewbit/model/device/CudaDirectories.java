package dev.fewbit.model.device;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where CUDA's libraries lie beside the loader's own path: what the user names, toolkits, and NVIDIA's Python packages. */
public final class CudaDirectories {
    /** Directories that are looked at first, separated by colons. */
    public static final String VARIABLE = "FEWBIT_CUDA_LIBRARY_PATH";

    private static final Path LOCAL = Path.of("/usr/local");

    private final Map<String, String> environment;
    private final Path toolkits;

    /** @param environment of this process */
    public CudaDirectories(Map<String, String> environment) {
        this(environment, LOCAL);
    }

    /** @param toolkits directory in which toolkits are installed as {@code cuda*} */
    public CudaDirectories(Map<String, String> environment, Path toolkits) {
        this.environment = Map.copyOf(environment);
        this.toolkits = toolkits;
    }

    /** What {@link #VARIABLE} names, whether it exists or not. */
    public List<Path> named() {
        return paths(VARIABLE);
    }

    /**
     * Directories of toolkits and of Python packages that exist.
     *
     * @throws UncheckedIOException when a directory on the way cannot be read; the message names it
     */
    public Set<Path> known() {
        Set<Path> directories = new LinkedHashSet<>();
        for (Path toolkit : children(toolkits, "cuda*")) {
            directories.add(toolkit.resolve("lib64"));
            directories.add(toolkit.resolve("targets/x86_64-linux/lib"));
        }
        directories.add(toolkits.resolve("nvidia/lib64"));
        for (Path packages : pythonPackages()) {
            children(packages.resolve("nvidia"), "*").forEach(part -> directories.add(part.resolve("lib")));
        }
        directories.removeIf(directory -> !Files.isDirectory(directory));
        return directories;
    }

    private Set<Path> pythonPackages() {
        Set<Path> packages = new LinkedHashSet<>(paths("PYTHONPATH"));
        Set<Path> prefixes = new LinkedHashSet<>(paths("VIRTUAL_ENV"));
        prefixes.addAll(paths("CONDA_PREFIX"));
        for (Path directory : paths("PATH")) {
            if (directory.getParent() != null && Files.isExecutable(directory.resolve("python3"))) {
                prefixes.add(directory.getParent());
            }
        }
        for (Path prefix : prefixes) {
            for (Path version : children(prefix.resolve("lib"), "python3*")) {
                packages.add(version.resolve("site-packages"));
                packages.add(version.resolve("dist-packages"));
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

    private static List<Path> children(Path directory, String pattern) {
        List<Path> children = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, pattern)) {
                entries.forEach(children::add);
            } catch (IOException e) {
                throw new UncheckedIOException(
                        new IOException("device cuda: " + directory + " cannot be read: " + e.getMessage(), e));
            }
        }
        children.sort(null);
        return children;
    }
}
