package dev.fewbit.launcher.samples;

import blue.strategic.parquet.ParquetWriter;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.launcher.LauncherException;
import dev.fewbit.objectstore.DurableFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.UUID;

/**
 * Samples as Parquet: a row a line of {@code samples.jsonl}, in the file's order, Snappy-compressed.
 *
 * @see <a href="https://parquet.apache.org/docs/file-format/">Parquet file format</a>
 */
public final class SamplesParquet {
    private final JsonMapper mapper = new JsonMapper();

    /**
     * Writes {@code out} whole or not at all.
     *
     * @param samples JSON lines in UTF-8, one sample each; empty lines do not count
     * @return rows written
     * @throws LauncherException when a line is no sample, naming file and line, or a file cannot be read or written
     */
    public long write(Path samples, Path out) {
        Path partial = out.resolveSibling("." + out.getFileName() + "-" + UUID.randomUUID());
        try {
            try {
                long rows = rows(samples, partial);
                DurableFiles.flush(partial);
                Files.move(partial, out, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                DurableFiles.flushDirectory(out.toAbsolutePath().getParent());
                return rows;
            } finally {
                Files.deleteIfExists(partial);
            }
        } catch (IOException e) {
            throw LauncherException.failed("%s cannot be made of %s: %s".formatted(out, samples, e.getMessage()), e);
        }
    }

    private long rows(Path samples, Path partial) throws IOException {
        long number = 0;
        long rows = 0;
        try (BufferedReader lines = Files.newBufferedReader(samples);
                ParquetWriter<Map<String, Object>> writer = ParquetWriter.writeFile(
                        SampleColumns.SCHEMA, partial.toFile(), (row, values) -> row.forEach(values::write))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    writer.write(row(samples, number, line));
                    rows++;
                }
            }
        }
        return rows;
    }

    private Map<String, Object> row(Path samples, long number, String line) {
        try {
            return SampleColumns.values(mapper.readTree(line));
        } catch (JsonProcessingException e) {
            throw LauncherException.failed("%s, line %d: %s".formatted(samples, number, e.getOriginalMessage()), e);
        } catch (InvalidSampleException e) {
            throw LauncherException.failed("%s, line %d: %s".formatted(samples, number, e.getMessage()), e);
        }
    }
}
