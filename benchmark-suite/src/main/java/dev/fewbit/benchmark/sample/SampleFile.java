package dev.fewbit.benchmark.sample;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Hands over the JSON records of a file with the place of each: one a line, or one that is the whole file; packed by gzip or not. */
final class SampleFile {
    private static final int LARGEST_RECORD_BYTES = 256 << 20;
    private static final int GZIP_MAGIC = 0x1f8b;

    private final JsonMapper mapper = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private final Path file;

    /** Takes a record. */
    interface RecordReader {
        /** @param where file and line, for messages */
        void read(JsonNode record, String where) throws InvalidSamplesException;
    }

    SampleFile(Path file) {
        this.file = file;
    }

    /** @throws InvalidSamplesException when the file cannot be read, is cut short or holds what is not JSON */
    void read(RecordReader reader) throws InvalidSamplesException {
        int line = 1;
        try (InputStream text = open()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            JsonNode whole = null;
            for (int next = text.read(); ; next = text.read()) {
                if (next >= 0 && next != '\n') {
                    bytes.write(next);
                    if (bytes.size() > LARGEST_RECORD_BYTES) {
                        throw new InvalidSamplesException("%s:%d: the line is longer than %d MiB"
                                .formatted(file, line, LARGEST_RECORD_BYTES >> 20));
                    }
                    continue;
                }
                String record = decoded(bytes.toByteArray(), line);
                if (!record.isBlank() && line == 1 && opensAndGoesOn(record)) {
                    bytes.write('\n');
                    text.transferTo(bytes);
                    whole = parsed(decoded(bytes.toByteArray(), 1), file.toString());
                } else if (!record.isBlank()) {
                    reader.read(parsed(record, file + ":" + line), file + ":" + line);
                }
                if (whole != null) {
                    reader.read(whole, file.toString());
                    return;
                }
                if (next < 0) {
                    return;
                }
                bytes.reset();
                line++;
            }
        } catch (EOFException e) {
            throw new InvalidSamplesException(file + ":" + line + ": gzip data end early: the file is cut short");
        } catch (ZipException e) {
            throw new InvalidSamplesException(file + ":" + line + ": gzip data are damaged (" + e.getMessage() + ")");
        } catch (IOException e) {
            throw new InvalidSamplesException(file + ": cannot be read: " + e.getMessage());
        }
    }

    /** Whether {@code line} is the first of a record that is printed over several. */
    private boolean opensAndGoesOn(String line) {
        String begin = line.strip();
        return begin.equals("{") || begin.equals("[") || begin.equals("[[");
    }

    /** Packed or not is told by the first two bytes, whatever the name. */
    private InputStream open() throws IOException {
        BufferedInputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        try {
            raw.mark(2);
            int magic = raw.read() << 8 | raw.read();
            raw.reset();
            return magic == GZIP_MAGIC ? new BufferedInputStream(new GZIPInputStream(raw, 1 << 16), 1 << 16) : raw;
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    private String decoded(byte[] bytes, int line) throws InvalidSamplesException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidSamplesException(file + ":" + line + ": is not UTF-8 text");
        }
    }

    private JsonNode parsed(String text, String where) throws InvalidSamplesException {
        try {
            return mapper.readTree(text);
        } catch (JsonProcessingException e) {
            throw new InvalidSamplesException(where + ": is not JSON: "
                    + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
    }
}
