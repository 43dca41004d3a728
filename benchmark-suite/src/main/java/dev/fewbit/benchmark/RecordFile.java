package dev.fewbit.benchmark;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.fewbit.objectstore.Digests;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads a file of records, one at a time: a JSON object a line, or one JSON list of them where the name ends in {@code .json};
 * packed where it ends in {@code .gz}. No more than a record (of a list: the list) is in memory, and that has a limit.
 */
final class RecordFile {
    /** Longest known record: 200 KB. */
    private static final int LARGEST_RECORD_BYTES = 64 << 20;

    private static final int BUFFER_BYTES = 1 << 16;

    private final Path file;
    private final RecordReader reader;

    /** Takes a record. */
    interface RecordReader {
        /** @param line where it begins, from 1 */
        void read(JsonRecord record, int line) throws InvalidBenchmarkException;
    }

    private RecordFile(Path file, RecordReader reader) {
        this.file = file;
        this.reader = reader;
    }

    /**
     * Hands over every record.
     *
     * @return SHA-256 of the file's bytes
     * @throws InvalidBenchmarkException when the file cannot be read, or what it holds is no record
     */
    static String read(Path file, RecordReader reader) throws InvalidBenchmarkException {
        if (!Files.isRegularFile(file)) {
            throw new InvalidBenchmarkException(file + ": there is no such benchmark file");
        }
        return new RecordFile(file, reader).read();
    }

    private String read() throws InvalidBenchmarkException {
        try (DigestInputStream raw = new DigestInputStream(
                new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES), Digests.sha256())) {
            // A file that is damaged when it is opened would leave it open, if it were opened above.
            InputStream text = isPacked() ? new GZIPInputStream(raw, BUFFER_BYTES) : raw;
            if (file.getFileName().toString().endsWith(".json")) {
                list(text);
            } else {
                lines(new BufferedInputStream(text, BUFFER_BYTES));
            }
            raw.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(raw.getMessageDigest().digest());
        } catch (EOFException e) {
            throw new InvalidBenchmarkException(file + ": gzip data end early: the file is cut short; get it again");
        } catch (ZipException e) {
            throw new InvalidBenchmarkException(
                    file + ": is not gzip data, or damaged (" + e.getMessage() + "); get it again");
        } catch (IOException e) {
            throw new InvalidBenchmarkException(file + ": cannot be read: " + e.getMessage());
        }
    }

    private boolean isPacked() {
        return file.getFileName().toString().endsWith(".gz");
    }

    private void lines(InputStream in) throws IOException, InvalidBenchmarkException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(BUFFER_BYTES);
        int number = 1;
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '\n') {
                line(line, number++);
            } else if (line.size() == LARGEST_RECORD_BYTES) {
                throw new InvalidBenchmarkException(
                        "%s:%d: the line is longer than %d MiB, no benchmark has such a record"
                                .formatted(file, number, LARGEST_RECORD_BYTES >> 20));
            } else {
                line.write(next);
            }
        }
        line(line, number);
    }

    private void line(ByteArrayOutputStream line, int number) throws InvalidBenchmarkException {
        String text = text(line.toByteArray(), file + ":" + number);
        line.reset();
        if (!text.isBlank()) {
            reader.read(JsonRecord.of(text, file + ":" + number), number);
        }
    }

    private void list(InputStream in) throws IOException, InvalidBenchmarkException {
        byte[] bytes = in.readNBytes(LARGEST_RECORD_BYTES + 1);
        if (bytes.length > LARGEST_RECORD_BYTES) {
            throw new InvalidBenchmarkException("%s: is larger than %d MiB, no benchmark has such a list"
                    .formatted(file, LARGEST_RECORD_BYTES >> 20));
        }
        String text = text(bytes, file.toString());
        try (JsonParser parser = new JsonFactory().createParser(text)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new InvalidBenchmarkException(file + ": a JSON list of problems is expected");
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                int line = parser.currentTokenLocation().getLineNr();
                int begin = Math.toIntExact(parser.currentTokenLocation().getCharOffset());
                if (parser.currentToken() != JsonToken.START_OBJECT) {
                    throw new InvalidBenchmarkException(file + ":" + line + ": a JSON object is expected");
                }
                parser.skipChildren();
                int end = Math.toIntExact(parser.currentTokenLocation().getCharOffset()) + 1;
                reader.read(JsonRecord.of(text.substring(begin, end), file + ":" + line), line);
            }
        } catch (JsonProcessingException e) {
            throw new InvalidBenchmarkException(
                    file + ":" + e.getLocation().getLineNr() + ": is not JSON: " + JsonRecord.reason(e));
        }
    }

    private static String text(byte[] bytes, String where) throws InvalidBenchmarkException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidBenchmarkException(where + ": is not UTF-8 text");
        }
    }
}
