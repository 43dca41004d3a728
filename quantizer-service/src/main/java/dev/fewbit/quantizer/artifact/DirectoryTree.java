package dev.fewbit.quantizer.artifact;

import dev.fewbit.objectstore.Digests;
import dev.fewbit.objectstore.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A directory of an artifact in the making. */
final class DirectoryTree {
    private DirectoryTree() {}

    /** Flushes all files of {@code directory} and its entries to disk. */
    static void flush(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> entries = Files.list(directory)) {
            files = entries.toList();
        }
        for (Path file : files) {
            DurableFiles.flush(file);
        }
        DurableFiles.flushDirectory(directory);
    }

    /**
     * SHA-256 of each file of {@code directory}, by name.
     *
     * @param known of files that were digested while they were written
     */
    static Map<String, String> digests(Path directory, Map<String, String> known) throws IOException {
        List<Path> files;
        try (Stream<Path> entries = Files.list(directory)) {
            files = entries.toList();
        }
        Map<String, String> digests = new TreeMap<>();
        for (Path file : files) {
            String name = file.getFileName().toString();
            String digest = known.get(name);
            digests.put(name, digest == null ? Digests.of(file) : digest);
        }
        return digests;
    }
}
