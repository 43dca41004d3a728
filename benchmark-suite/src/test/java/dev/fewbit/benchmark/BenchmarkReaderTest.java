package dev.fewbit.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.contracts.execution.ProgramLanguage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchmarkReaderTest {
    private static final String GOOD = """
            {"name":"a","language":"py","prompt":"def a():\\n","tests":"a()","stop_tokens":["\\ndef"]}""";

    @TempDir
    Path directory;

    @Test
    void shouldKeepTextsAndFurtherFieldsWhenTheRecordIsMultiPlEs() throws Exception {
        // Given
        Path file = write("""
                {"name":"HumanEval_0_x","language":"py","prompt":"  def x():\\n\\t ","doctests":"keep","original":"o.py",\
                "prompt_terminology":"reworded","tests":"x()\\n","stop_tokens":["\\ndef","\\n#"],"stratum":"lists","level":3}

                """);

        // When
        Benchmark benchmark = new BenchmarkReader().read(file, ProgramLanguage.PYTHON);

        // Then
        assertThat(benchmark.problems()).hasSize(1);
        Problem problem = benchmark.problems().getFirst();
        assertThat(problem.prompt()).isEqualTo("  def x():\n\t ");
        assertThat(problem.tests()).isEqualTo(new Tests.Script("x()\n"));
        assertThat(problem.stopTokens()).isEqualTo(List.of("\ndef", "\n#"));
        assertThat(problem.fields())
                .containsEntry("stratum", "lists")
                .containsEntry("level", "3")
                .containsEntry("doctests", "keep")
                .doesNotContainKey("prompt");
    }

    @Test
    void shouldDigestTheFilesBytesWhenRead() throws Exception {
        // Given a file whose SHA-256 was taken with sha256sum
        Path file = write("{\"name\":\"a\",\"language\":\"py\",\"prompt\":\"p\",\"tests\":\"t\",\"stop_tokens\":[]}\n");

        // When
        Benchmark benchmark = new BenchmarkReader().read(file, ProgramLanguage.PYTHON);

        // Then
        assertThat(benchmark.digest()).isEqualTo("d0b820afcd3ec82d94b67746a6dcefad1ed82e3e2c6460b1050aa0414d9b7fe9");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"name\":\"b\",\"language\":\"py\",\"prompt\":\"p\",\"stop_tokens\":[]}|key 'tests' is missing",
                "{\"name\":\"a\",\"language\":\"py\",\"prompt\":\"p\",\"tests\":\"t\",\"stop_tokens\":[]}|name is 'a', which line 1 has already",
                "{\"name\":\"b\",\"language\":\"java\",\"prompt\":\"p\",\"tests\":\"t\",\"stop_tokens\":[]}|language is 'java'; the study asks for python",
                "{\"name\":\"b\",\"language\":\"py\",\"prompt\":7,\"tests\":\"t\",\"stop_tokens\":[]}|prompt is no string; a string is expected",
                "{\"name\":\"b\",\"language\":\"py\",\"prompt\":\"p\",\"tests\":\"t\",\"stop_tokens\":[\"\"]}|stop_tokens holds \"\"; only strings that are not empty are allowed",
                "{\"name\":\"b\",\"language\":\"py\",\"prompt\":\"p\",\"tests\":\"t\",\"stop_tokens\":\"x\"}|stop_tokens is no list; a list of strings is expected",
                "{\"name\":\"b\\u0000\",\"language\":\"py\",\"prompt\":\"p\",\"tests\":\"t\",\"stop_tokens\":[]}|name is \"b\\u0000\"; allowed: text without control characters, not blank",
                "[]|a JSON object is expected",
            })
    void shouldNameFileLineAndKeyWhenARecordIsWrong(String line, String complaint) throws Exception {
        // Given
        Path file = write(GOOD + "\n" + line + "\n");

        // When, Then
        assertThatThrownBy(() -> new BenchmarkReader().read(file, ProgramLanguage.PYTHON))
                .isInstanceOf(InvalidBenchmarkException.class)
                .hasMessage(file + ":2: " + complaint);
    }

    @Test
    void shouldSayOneLineWhenALineIsNotJson() throws Exception {
        // Given
        Path file = write(GOOD + "\n{\"name\": \n");

        // When, Then
        assertThatThrownBy(() -> new BenchmarkReader().read(file, ProgramLanguage.PYTHON))
                .isInstanceOf(InvalidBenchmarkException.class)
                .message()
                .startsWith(file + ":2: is not JSON: ")
                .doesNotContain("\n");
    }

    @Test
    void shouldNameTheFileWhenItIsEmptyOrMissing() throws Exception {
        // Given
        Path empty = write("\n\n");
        Path missing = directory.resolve("none.jsonl");

        // When, Then
        assertThatThrownBy(() -> new BenchmarkReader().read(empty, ProgramLanguage.PYTHON))
                .hasMessage(empty + ": the benchmark holds no problem; one JSON record a line");
        assertThatThrownBy(() -> new BenchmarkReader().read(missing, ProgramLanguage.PYTHON))
                .hasMessage(missing + ": there is no such benchmark file");
    }

    @Test
    void shouldRefuseWhenTheFileIsNotUtf8() throws Exception {
        // Given
        Path file = directory.resolve("latin1.jsonl");
        Files.write(file, GOOD.replace("a()", "\u00e9").getBytes(StandardCharsets.ISO_8859_1));

        // When, Then
        assertThatThrownBy(() -> new BenchmarkReader().read(file, ProgramLanguage.PYTHON))
                .hasMessage(file + ":1: is not UTF-8 text");
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("benchmark.jsonl"), text);
    }
}
