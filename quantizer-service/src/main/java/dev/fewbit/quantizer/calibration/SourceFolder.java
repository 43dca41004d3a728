package dev.fewbit.quantizer.calibration;

import dev.fewbit.quantizer.QuantizationException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads the source files below a folder, a document each, in the order of their paths. Read are the {@link #EXTENSIONS}; all other files,
 * what is hidden, empty files and symbolic links are skipped.
 */
final class SourceFolder {
    /** Extensions of the files that are read. */
    static final Set<String> EXTENSIONS = Set.of(
            "c", "cc", "cpp", "cs", "go", "h", "hpp", "java", "js", "jsx", "kt", "lua", "md", "php", "pl", "py", "r",
            "rb", "rs", "rst", "scala", "sh", "sql", "swift", "ts", "tsx", "txt");

    private SourceFolder() {}

    /**
     * The documents.
     *
     * @throws QuantizationException when there are none, or one of them is not UTF-8 text
     */
    static List<TextDocument> read(Path folder) {
        List<TextDocument> documents = new ArrayList<>();
        try (Stream<Path> tree = Files.walk(folder)) {
            List<Path> files = tree.filter(Files::isRegularFile)
                    .filter(file -> !Files.isSymbolicLink(file) && isRead(folder.relativize(file)))
                    .sorted(Comparator.comparing(file -> name(folder, file)))
                    .toList();
            for (Path file : files) {
                String text = text(file);
                if (!text.isBlank()) {
                    documents.add(new TextDocument(name(folder, file), text));
                }
            }
        } catch (IOException e) {
            throw new QuantizationException(folder + ": cannot be read: " + e.getMessage(), e);
        }
        if (documents.isEmpty()) {
            throw new QuantizationException(folder + ": has no source files; read are the extensions "
                    + String.join(", ", EXTENSIONS.stream().sorted().toList()));
        }
        return documents;
    }

    private static boolean isRead(Path relative) {
        for (Path part : relative) {
            if (part.toString().startsWith(".")) {
                return false;
            }
        }
        String name = relative.getFileName().toString();
        return EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }

    /** Parted by slashes on every system: names decide the order. */
    private static String name(Path folder, Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }

    private static String text(Path file) throws IOException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
            if (text.indexOf('\0') >= 0) {
                throw new QuantizationException(file + ": is binary, it holds a zero byte; allowed: UTF-8 text");
            }
            return text;
        } catch (CharacterCodingException e) {
            throw new QuantizationException(file + ": not UTF-8 text", e);
        }
    }
}
