package dev.fewbit.launcher.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.launcher.LauncherException;
import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files are read back by Hardwood, a reader that shares no code with the writer. */
class SamplesParquetTest {
    @TempDir
    private Path directory;

    @Test
    void shouldKeepEveryValueWhenReadByAnotherLibrary() throws IOException {
        // Given: texts with quotes, line ends and characters beyond 16 bits; a verdict that is not there yet
        Path samples = lines(
                "{\"model\":\"m\",\"language\":\"python\",\"bits\":4,\"method\":\"rtn\",\"calibration\":null,\"problem\":\"p/0\",\"index\":0,"
                        + "\"program\":\"def f():\\n    return \\\"\uD83D\uDE80\\\"\\n\",\"verdict\":\"passed\"}",
                "",
                "{\"problem\":\"p/1\",\"index\":1,\"completion\":\"\",\"tokens\":7}");
        Path out = directory.resolve("samples.parquet");

        // When
        long rows = new SamplesParquet().write(samples, out);

        // Then
        assertThat(rows).isEqualTo(2);
        assertThat(read(out))
                .containsExactly(
                        "m|python|rtn|null|p/0|def f():\n    return \"\uD83D\uDE80\"\n|null|passed|4|0|null",
                        "null|null|null|null|p/1|null||null|null|1|7");
    }

    @Test
    void shouldWriteAnEmptyTableWhenThereAreNoSamples() throws IOException {
        // Given
        Path out = directory.resolve("none.parquet");

        // Then
        assertThat(new SamplesParquet().write(lines(), out)).isZero();
        assertThat(read(out)).isEmpty();
    }

    @Test
    void shouldNameFileAndLineAndLeaveNothingWhenALineIsNoSample() throws IOException {
        String good = "{\"problem\":\"p\",\"index\":0}";
        assertRefused("line 2: key 'problem' is missing", good, "{\"index\":0}");
        assertRefused("line 2: key 'colour' is not known; known are model, ", good, "{\"problem\":\"p\",\"colour\":1}");
        assertRefused("line 1: key 'index' is \"0\"; expected an integer", "{\"problem\":\"p\",\"index\":\"0\"}");
        assertRefused("line 1: expected a JSON object", "[]");
        assertRefused("line 1: Unexpected end-of-input", "{\"problem\":");
    }

    private void assertRefused(String message, String... lines) throws IOException {
        Path samples = lines(lines);
        assertThatThrownBy(() -> new SamplesParquet().write(samples, directory.resolve("bad.parquet")))
                .isInstanceOf(LauncherException.class)
                .hasMessageStartingWith(samples + ", " + message);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(samples);
        }
    }

    private Path lines(String... lines) throws IOException {
        return Files.write(directory.resolve("samples.jsonl"), List.of(lines));
    }

    private static List<String> read(Path file) throws IOException {
        List<String> rows = new ArrayList<>();
        try (ParquetFileReader reader = ParquetFileReader.open(InputFile.of(file));
                RowReader row = reader.rowReader()) {
            while (row.hasNext()) {
                row.next();
                rows.add(Stream.of(
                                "model",
                                "language",
                                "method",
                                "calibration",
                                "problem",
                                "program",
                                "completion",
                                "verdict",
                                "bits",
                                "index",
                                "tokens")
                        .map(column -> row.isNull(column) ? "null" : String.valueOf(row.getValue(column)))
                        .reduce((first, second) -> first + "|" + second)
                        .orElseThrow());
            }
        }
        return rows;
    }
}
