package dev.fewbit.quantizer.calibration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.quantizer.QuantizationException;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads texts: the {@code text} fields of JSONL files, packed with gzip when the name ends in {@code .gz}, or the source files of a
 * folder, see {@link SourceFolder}.
 */
public final class TextDocuments {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private TextDocuments() {}

    /**
     * The documents of a file or folder, in its order.
     *
     * @throws QuantizationException when it is missing, empty, not UTF-8, not gzip though named so, or a line has no text
     */
    public static List<TextDocument> read(Path file) {
        if (Files.isDirectory(file)) {
            return SourceFolder.read(file);
        }
        if (!Files.isRegularFile(file)) {
            throw new QuantizationException(
                    file + ": no such file; allowed: a JSONL file with a text field, or a folder of source files");
        }
        List<TextDocument> documents = new ArrayList<>();
        try {
            // An empty file is no gzip either, but that is not what is wrong with it.
            if (Files.size(file) > 0) {
                readLines(file, documents);
            }
        } catch (CharacterCodingException e) {
            throw new QuantizationException(file + ": not UTF-8 text", e);
        } catch (EOFException e) {
            throw new QuantizationException(file + ": is cut short: its packed data ends early", e);
        } catch (ZipException e) {
            throw new QuantizationException(
                    file + ": not packed with gzip, though its name ends in .gz, or damaged", e);
        } catch (IOException e) {
            throw new QuantizationException(file + ": cannot be read: " + e.getMessage(), e);
        }
        if (documents.isEmpty()) {
            throw new QuantizationException(file + ": is empty; allowed: a JSONL file with a text field");
        }
        return documents;
    }

    private static void readLines(Path file, List<TextDocument> documents) throws IOException {
        try (InputStream raw = Files.newInputStream(file);
                InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()))) {
            int number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (!line.isBlank()) {
                    documents.add(new TextDocument(file.getFileName() + ":" + number, text(line, file + ":" + number)));
                }
            }
        }
    }

    private static String text(String line, String place) {
        try {
            JsonNode text = JSON.readTree(line).path("text");
            if (!text.isTextual()) {
                throw new QuantizationException(place + ": has no text field; allowed: JSON objects with one");
            }
            return text.textValue();
        } catch (JsonProcessingException e) {
            throw new QuantizationException(place + ": not JSON; allowed: a JSON object a line, with a text field", e);
        }
    }
}
