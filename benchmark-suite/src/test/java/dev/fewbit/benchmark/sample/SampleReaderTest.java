package dev.fewbit.benchmark.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.fewbit.benchmark.Benchmark;
import dev.fewbit.benchmark.BenchmarkDefinitions;
import dev.fewbit.benchmark.Problem;
import dev.fewbit.benchmark.Tests;
import dev.fewbit.benchmark.harness.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleReaderTest {
    @TempDir
    private Path folder;

    private static Problem problem(String name) {
        return new Problem(name, "def f():\n", List.of("\ndef"), new Tests.Script("f()\n"), Optional.empty(), Map.of());
    }

    private Samples read(String benchmark, Path samples, String... problems) throws Exception {
        return new SampleReader(
                        BenchmarkDefinitions.find(benchmark).orElseThrow(),
                        new Benchmark(
                                "d",
                                Stream.of(problems)
                                        .map(SampleReaderTest::problem)
                                        .toList()))
                .read(samples);
    }

    private Path file(String name, String... lines) throws IOException {
        return Files.write(folder.resolve(name), Arrays.asList(lines));
    }

    private static byte[] packed(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void shouldReadCompletionsAsTheyAreWhenHumanEvalJsonl() throws Exception {
        // Given: a completion that repeats its prompt is one; leading spaces and a stop token stay
        Path file = file(
                "s.jsonl",
                "{\"task_id\": \"HumanEval/0\", \"completion\": \"    return 1\\n\\ndef g():\"}",
                "",
                "{\"task_id\": \"HumanEval/0\", \"completion\": \"def f():\\n    return 2\", \"passed\": true}");

        // When
        Samples samples = read("humaneval", file, "HumanEval/0", "HumanEval/1");

        // Then
        assertThat(samples.format()).isEqualTo(SampleFormat.HUMAN_EVAL);
        assertThat(samples.samples())
                .extracting(Sample::index, Sample::answer)
                .containsExactly(
                        tuple(0, new Answer.Completion("    return 1\n\ndef g():")),
                        tuple(1, new Answer.Completion("def f():\n    return 2")));
    }

    @Test
    void shouldReadWholeProgramsWhenEvalPlusSolutionsArePackedUnderAnyName() throws Exception {
        // Given
        Path file = Files.write(
                folder.resolve("samples.jsonl"),
                packed("{\"task_id\":\"Mbpp/2\",\"solution\":\"x\"}\n{\"task_id\":\"Mbpp/2\",\"completion\":\"y\"}\n"));

        // When
        Samples samples = read("mbppplus", file, "Mbpp/2");

        // Then
        assertThat(samples.format()).isEqualTo(SampleFormat.EVALPLUS);
        assertThat(samples.samples())
                .extracting(Sample::answer)
                .containsExactly(new Answer.Program("x"), new Answer.Completion("y"));
    }

    @ParameterizedTest
    @CsvSource({"11", "\"11\"", "\"MBPP/11\"", "\"Mbpp/11\"", "\"mbpp/11\""})
    void shouldFindTheProblemWhenMbppsNumberIsWrittenAsToolsDo(String id) throws Exception {
        // Given
        Path file = file("s.jsonl", "{\"task_id\": " + id + ", \"completion\": \"x\"}");

        // When, Then
        assertThat(read("mbpp", file, "1", "11").samples())
                .extracting(sample -> sample.problem().name())
                .containsExactly("11");
    }

    @Test
    void shouldTakePromptTestsAndStopTokensFromTheSamplesWhenMultiPlE() throws Exception {
        // Given
        Files.write(
                folder.resolve("a.json.gz"),
                packed("{\"name\":\"A\",\"language\":\"py\",\"prompt\":\"def f(x):\\n\",\"tests\":\"f(1)\\n\","
                        + "\"stop_tokens\":[\"\\nif\"],\"completions\":[\"  return 1\",\"  return 2\"]}"));
        file("a.results.json", "{\"name\":\"A\",\"results\":[]}");
        file("b.json", "{", "\"name\":\"B\",\"completions\":[\"  pass\"]}");

        // When
        Samples samples = read("multipl-e-humaneval-python", folder, "A", "B");

        // Then
        assertThat(samples.format()).isEqualTo(SampleFormat.MULTIPL_E);
        assertThat(samples.ownTexts()).isEqualTo(1);
        assertThat(samples.samples()).hasSize(3);
        Problem own = samples.samples().getFirst().problem();
        assertThat(own.prompt()).isEqualTo("def f(x):\n");
        assertThat(own.tests()).isEqualTo(new Tests.Script("f(1)\n"));
        assertThat(own.stopTokens()).containsExactly("\nif");
        assertThat(samples.samples().getLast().problem()).isEqualTo(problem("B"));
    }

    @Test
    void shouldTakeTheProgramsBeforeTheirTestsWhenMultiPlEHasResultsOnly() throws Exception {
        // Given
        file(
                "a.results.json",
                "{\"name\":\"A\",\"results\":[{\"program\":\"def f():\\n  pass\\nf()\\n\",\"status\":\"OK\"}]}");

        // When, Then
        assertThat(read("multipl-e-humaneval-python", folder, "A").samples())
                .extracting(Sample::answer)
                .containsExactly(new Answer.Program("def f():\n  pass"));
    }

    @Test
    void shouldGoByPlaceWhenGenerationsHaveNoNames() throws Exception {
        // Given
        Path file = file("generations.json", "[[\"a\", \"b\"], [\"c\"]]");

        // When, Then
        assertThat(read("humaneval", file, "P", "Q").samples())
                .extracting(sample -> sample.problem().name() + sample.index())
                .containsExactly("P0", "P1", "Q0");
    }

    @Test
    void shouldReadItsOwnSamplesWhenAStudyExportedThem() throws Exception {
        // Given
        Path file = file(
                "samples.jsonl",
                "{\"problem\":\"A\",\"index\":3,\"program\":\"def f(): pass\",\"verdict\":\"passed\"}");

        // When, Then
        assertThat(read("multipl-e-humaneval-python", file, "A").samples())
                .extracting(Sample::answer)
                .containsExactly(new Answer.Program("def f(): pass"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            {"task_id":"X","completion":"a"};            s.jsonl:1: problem 'X' is not in benchmark humaneval
            {"task_id":"P","completion":7};              s.jsonl:1: completion holds 7; text is expected
            {"task_id":["P"],"completion":"a"};          s.jsonl:1: task_id is ["P"]; a problem's name is expected
            {"task_id":"P","completion":"a";             s.jsonl:1: is not JSON
            {"task_id":"P"};                             s.jsonl:1: has no known form of samples; needed are the keys task_id
            {"name":"P","completions":[]};               s.jsonl:1: completions is empty; a list of at least one is expected
            {"problem":"P","index":0,"program":"a","language":"java"}; s.jsonl:1: language is "java"; humaneval is in python
            [["a"],[]];                                  s.jsonl:1: problem 1 has no list of generations
            """)
    void shouldNameFileAndLineWhenARecordCannotBeUsed(String line, String message) throws Exception {
        // Given
        Path file = file("s.jsonl", line);

        // When, Then
        assertThatThrownBy(() -> read("humaneval", file, "P", "Q"))
                .isInstanceOf(InvalidSamplesException.class)
                .hasMessageStartingWith(folder + "/" + message)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void shouldNameTheKeyWhenALaterLineLacksIt() throws Exception {
        // Given
        Path file = file("s.jsonl", "{\"task_id\":\"P\",\"completion\":\"a\"}", "{\"task_id\":\"P\"}");

        // When, Then
        assertThatThrownBy(() -> read("humaneval", file, "P")).hasMessage(file + ":2: key 'completion' is missing");
    }

    @Test
    void shouldSaySoWhenGzipDataAreCutShort() throws Exception {
        // Given
        byte[] bytes = packed("{\"task_id\":\"P\",\"completion\":\"a\"}\n");
        Path file = Files.write(folder.resolve("s.jsonl.gz"), Arrays.copyOf(bytes, bytes.length - 12));

        // When, Then
        assertThatThrownBy(() -> read("humaneval", file, "P"))
                .hasMessageStartingWith(file + ":")
                .hasMessageEndingWith(": gzip data end early: the file is cut short");
    }

    @Test
    void shouldSaySoWhenThereAreNoSamples() throws Exception {
        // Given
        Path file = file("s.jsonl", "");

        // When, Then
        assertThatThrownBy(() -> read("humaneval", file, "P"))
                .hasMessage(file + ": holds no samples; at least one is needed");
    }
}
