package dev.fewbit.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** Digests of the published files, by which a revision is told. */
final class KnownFiles {
    private static final String LIST = "known-files.tsv";
    private static final Map<String, String> DIGEST_OF = read();

    private KnownFiles() {}

    /** The definition's revision when {@code digest} is its file's; otherwise text that says that it is another. */
    static String revision(BenchmarkDefinition definition, String digest) {
        String known = DIGEST_OF.get(definition.file().toString());
        return known == null || known.equals(digest) ? definition.revision() : "unknown, not " + definition.revision();
    }

    private static Map<String, String> read() {
        try (InputStream in = KnownFiles.class.getResourceAsStream(LIST);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t"))
                    .collect(Collectors.toUnmodifiableMap(parts -> parts[0], parts -> parts[1]));
        } catch (IOException e) {
            throw new UncheckedIOException("a resource of this module can be read", e);
        }
    }
}
