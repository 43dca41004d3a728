package dev.fewbit.quantizer.work;

import dev.fewbit.objectstore.Digests;
import dev.fewbit.objectstore.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which blobs of a work directory are finished: a file of lines, replaced whole. The first says the form, the second the digest of the
 * key that the work is for, the others {@code name file bytes sha256}.
 */
final class Journal {
    static final String FILE = "journal";
    private static final String FORM = "fewbit-work 1";
    private static final int HEAD = 2;
    private static final int FIELDS = 4;

    private Journal() {}

    /**
     * A blob that was finished.
     *
     * @param file in the work directory
     * @param bytes of it
     * @param digest SHA-256 of them
     */
    record Entry(String file, long bytes, String digest) {}

    /** The entries of the journal in {@code directory}; empty when there is none for {@code key} that can be read. */
    static Optional<Map<String, Entry>> read(Path directory, String key) throws IOException {
        Path file = directory.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        // Bytes that are no UTF-8 are replaced, and are no line of ours then.
        List<String> lines = new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .toList();
        if (lines.size() < HEAD || !lines.get(0).equals(FORM) || !lines.get(1).equals(Digests.of(key))) {
            return Optional.empty();
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (String line : lines.subList(HEAD, lines.size())) {
            String[] fields = line.split(" ");
            if (fields.length != FIELDS || !fields[2].matches("[0-9]{1,18}") || !WorkDirectory.isName(fields[0])) {
                return Optional.empty();
            }
            entries.put(fields[0], new Entry(fields[1], Long.parseLong(fields[2]), fields[3]));
        }
        return Optional.of(entries);
    }

    /** Replaces the journal in {@code directory}; the files it names are flushed already. */
    static void write(Path directory, String key, Map<String, Entry> entries) throws IOException {
        StringBuilder text =
                new StringBuilder(FORM).append('\n').append(Digests.of(key)).append('\n');
        entries.forEach((name, entry) ->
                text.append(String.join(" ", name, entry.file(), Long.toString(entry.bytes()), entry.digest()) + "\n"));
        DurableFiles.write(directory.resolve(FILE), text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
