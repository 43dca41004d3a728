package dev.fewbit.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchmarkLoaderTest {
    private static final String HUMANEVAL = """
            {"task_id":"HumanEval/0","prompt":"def f(a):\\n    \\"\\"\\" A.\\n    \\"\\"\\"\\n","entry_point":"f",\
            "canonical_solution":"    return a\\n","test":"def check(candidate):\\n    assert candidate(1) == 1\\n"}
            """;
    private static final String EVALPLUS = """
            {"task_id":"HumanEval/0","prompt":"def f(a):\\n","entry_point":"f","canonical_solution":"    return a\\n",\
            "test":"original","contract":"    assert a\\n","atol":1e-06,\
            "base_input":[[1]],"plus_input":%s}
            """;
    private static final String MBPP = """
            {"text":"Write f.","code":"def f(a):\\r\\n  return a","task_id":7,"test_setup_code":"x = 1","test_list":\
            ["assert f(1) == 1","assert f(2) == 2"],"challenge_test_list":["assert f(3) == 3"]}
            """;

    @TempDir
    Path data;

    @Test
    void shouldTypeTestsAndSolutionWhenHumanEval() throws Exception {
        // Given
        packed("humaneval/HumanEval.jsonl.gz", HUMANEVAL);

        // When
        Problem problem = load("humaneval").problems().getFirst();

        // Then
        assertThat(problem)
                .isEqualTo(new Problem(
                        "HumanEval/0",
                        "def f(a):\n    \"\"\" A.\n    \"\"\"\n",
                        List.of("\nclass", "\ndef", "\n#", "\nif", "\nprint"),
                        new Tests.CheckFunction("def check(candidate):\n    assert candidate(1) == 1\n", "f"),
                        Optional.of("    return a\n"),
                        Map.of("entry_point", "f")));
    }

    @Test
    void shouldKeepLineEndsAndChallengeTestsWhenMbpp() throws Exception {
        // Given
        plain("mbpp/mbpp.jsonl", MBPP);

        // When
        Problem problem = load("mbpp").problems().getFirst();

        // Then
        assertThat(problem.name()).isEqualTo("7");
        assertThat(problem.prompt()).isEqualTo("\"\"\"\nWrite f.\nassert f(1) == 1\n\"\"\"\n");
        assertThat(problem.canonicalSolution()).hasValue("def f(a):\r\n  return a");
        assertThat(problem.tests())
                .isEqualTo(new Tests.Assertions(
                        List.of(),
                        "x = 1",
                        List.of("assert f(1) == 1", "assert f(2) == 2"),
                        List.of("assert f(3) == 3")));
    }

    @Test
    void shouldReadOneListWhenMbppIsSanitized() throws Exception {
        // Given
        plain("mbpp/sanitized-mbpp.json", """
                [
                  {"source_file":"a.ipynb","task_id":2,"prompt":"Write é.","code":"def f(): ...",
                   "test_imports":["import math"],"test_list":["assert f()"]},
                  {"source_file":"a.ipynb","task_id":3,"prompt":"Write.","code":"","test_imports":[],"test_list":["assert 1"]}
                ]
                """);

        // When
        List<Problem> problems = load("mbpp-sanitized").problems();

        // Then
        assertThat(problems).extracting(Problem::name).containsExactly("2", "3");
        assertThat(problems.getFirst().tests())
                .isEqualTo(new Tests.Assertions(List.of("import math"), "", List.of("assert f()"), List.of()));
        assertThat(problems.getFirst().fields()).containsEntry("prompt", "Write é.");
    }

    @Test
    void shouldKeepEveryDigitOfInputsWhenEvalPlus() throws Exception {
        // Given
        String digits = "9".repeat(5000);
        String inputs = "[[" + digits
                + ", -Infinity, NaN], [1e308, 0.1000000000000000055, \"a\\u0000]\\\"\"], [{\"k\": [[]]}], []]";
        packed("humanevalplus/HumanEvalPlus.jsonl.gz", EVALPLUS.formatted(inputs));

        // When
        Problem problem = load("humanevalplus").problems().getFirst();

        // Then
        assertThat(problem.tests())
                .isEqualTo(new Tests.InputComparison(
                        "f",
                        "    assert a\n",
                        List.of("[1]"),
                        List.of(
                                "[" + digits + ", -Infinity, NaN]",
                                "[1e308, 0.1000000000000000055, \"a\\u0000]\\\"\"]",
                                "[{\"k\": [[]]}]",
                                "[]"),
                        1e-6,
                        "original"));
    }

    @Test
    void shouldTakeAnEmptyObjectForNoInputsWhenEvalPlusHasOne() throws Exception {
        // Given one problem of MbppPlus v0.2.0 has {} there
        packed("mbppplus/MbppPlus.jsonl.gz", EVALPLUS.formatted("{}"));

        // When
        Tests tests = load("mbppplus").problems().getFirst().tests();

        // Then
        assertThat(((Tests.InputComparison) tests).plusInputs()).isEmpty();
    }

    @Test
    void shouldHaveNoStopTokensWhenMcEvalJavaHasNone() throws Exception {
        // Given
        plain("mceval/mceval_java.jsonl", """
                {"name":"Java-1","language":"java","prompt":"class Problem {\\n","doctests":"transforms","original":" ",\
                "prompt_terminology":"reworded","tests":"}\\n","stop_tokens":[]}
                """);

        // When
        Problem problem = load("mceval-java").problems().getFirst();

        // Then
        assertThat(problem.stopTokens()).isEmpty();
        assertThat(problem.tests()).isEqualTo(new Tests.Script("}\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "multipl-e-humaneval-go,humaneval-go-reworded.jsonl,go_test.go",
        "multipl-e-mbpp-csharp,mbpp-cs-reworded.jsonl,cs",
        "multipl-e-humaneval-cpp,humaneval-cpp-reworded.jsonl,cpp",
        "multipl-e-mbpp-python,mbpp-py-reworded.jsonl,py",
    })
    void shouldTakeTheRewordedFileWhenMultiPlE(String name, String file, String label) throws Exception {
        // Given
        plain("multipl-e/prompts/" + file, record("a", label));

        // When
        Benchmark benchmark = load(name);

        // Then
        assertThat(benchmark.problems()).hasSize(1);
    }

    @Test
    void shouldNameLanguageWhenTheFileIsOfAnother() throws Exception {
        // Given
        Path file = plain("multipl-e/prompts/humaneval-js-reworded.jsonl", record("a", "ts"));

        // When, Then
        assertThatThrownBy(() -> load("multipl-e-humaneval-javascript"))
                .isInstanceOf(InvalidBenchmarkException.class)
                .hasMessage(file + ":1: language is 'ts'; multipl-e-humaneval-javascript asks for javascript");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"plus_input\":[[1],2]|plus_input holds 2; only lists of arguments are allowed",
                "\"plus_input\":{\"a\":1}|plus_input is no list; a list of lists of arguments is expected",
                "\"plus_input\":7|plus_input is no list; a list of lists of arguments is expected",
                "\"base_input\":[]|base_input is empty; at least one list of arguments is expected",
                "\"atol\":-1|atol is -1; a number from 0 is expected",
                "\"atol\":NaN|atol is NaN; a number from 0 is expected",
                "\"entry_point\":null|key 'entry_point' is missing",
                "\"entry_point\":1.5|entry_point is no string; a string is expected",
                "\"plus_input\":[[1]],\"plus_input\":[[2]]|is not JSON: Duplicate field 'plus_input'",
            })
    void shouldNameFileLineAndKeyWhenAnEvalPlusRecordIsWrong(String wrong, String complaint) throws Exception {
        // Given the second line has the key again as it must not be
        String key = wrong.substring(0, wrong.indexOf(':') + 1);
        String good = EVALPLUS.formatted("[[1]]");
        String value = good.substring(good.indexOf(key)).replaceFirst("^(\"[a-z_]+\":(\\[.*?]]|[^,}]+)).*\\R", "$1");
        Path file = packed(
                "humanevalplus/HumanEvalPlus.jsonl.gz",
                good + good.replace("HumanEval/0", "HumanEval/1").replace(value, wrong));

        // When, Then
        assertThatThrownBy(() -> load("humanevalplus"))
                .isInstanceOf(InvalidBenchmarkException.class)
                .hasMessage(file + ":2: " + complaint);
    }

    @Test
    void shouldNameBothLinesWhenATaskIsThereTwice() throws Exception {
        // Given
        Path file = plain("mbpp/mbpp.jsonl", MBPP + "\n" + MBPP);

        // When, Then
        assertThatThrownBy(() -> load("mbpp")).hasMessage(file + ":3: name is '7', which line 1 has already");
    }

    @Test
    void shouldNameTheLineOfTheListWhenASanitizedRecordIsWrong() throws Exception {
        // Given
        Path file = plain("mbpp/sanitized-mbpp.json", """
                [
                  {"task_id":2,"prompt":"p","code":"c","test_imports":[],"test_list":["a"]},
                  {"task_id":3,"prompt":"p","code":"c","test_imports":[],"test_list":[]}
                ]
                """);

        // When, Then
        assertThatThrownBy(() -> load("mbpp-sanitized"))
                .hasMessage(file + ":3: test_list is empty; at least one assertion is expected");
    }

    @Test
    void shouldSayThatItIsCutShortWhenGzipEndsEarly() throws Exception {
        // Given
        Path file = packed("humaneval/HumanEval.jsonl.gz", HUMANEVAL);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 12));

        // When, Then
        assertThatThrownBy(() -> load("humaneval"))
                .isInstanceOf(InvalidBenchmarkException.class)
                .hasMessage(file + ": gzip data end early: the file is cut short; get it again");
    }

    @Test
    void shouldSayThatItIsNoGzipWhenItIsNot() throws Exception {
        // Given
        Path file = plain("humaneval/HumanEval.jsonl.gz", HUMANEVAL);

        // When, Then
        assertThatThrownBy(() -> load("humaneval"))
                .isInstanceOf(InvalidBenchmarkException.class)
                .hasMessage(file + ": is not gzip data, or damaged (Not in GZIP format); get it again");
    }

    @Test
    void shouldSayWhereToPutTheFileWhenItIsMissing() {
        assertThatThrownBy(() -> load("humaneval"))
                .isInstanceOf(InvalidBenchmarkException.class)
                .hasMessage("benchmark humaneval needs the file " + data.resolve("humaneval/HumanEval.jsonl.gz")
                        + ", which is not there; get it from https://github.com/openai/human-eval/raw/"
                        + "6d43fb980f9fee3c892a914eda09951f772ad10d/data/HumanEval.jsonl.gz");
        assertThatThrownBy(() -> new BenchmarkLoader(data, Optional.empty()).load(BenchmarkLoader.definition("mbpp")))
                .hasMessage("benchmark mbpp needs a data folder with mbpp/mbpp.jsonl in it (--data DIR); get it from "
                        + "https://github.com/google-research/google-research/tree/master/mbpp");
    }

    @Test
    void shouldNameTheNearestWhenThereIsNoSuchBenchmark() {
        assertThatThrownBy(() -> BenchmarkLoader.definition("HumanEval-Plus"))
                .isInstanceOf(InvalidBenchmarkException.class)
                .hasMessage("benchmark 'HumanEval-Plus' is not known; ./fewbit benchmarks lists all;"
                        + " did you mean humanevalplus?");
    }

    private Benchmark load(String name) throws InvalidBenchmarkException {
        return new BenchmarkLoader(data, Optional.of(data)).load(BenchmarkLoader.definition(name));
    }

    private static String record(String name, String language) {
        return "{\"name\":\"%s\",\"language\":\"%s\",\"prompt\":\"p\",\"tests\":\"t\",\"stop_tokens\":[\"\\n}\"]}%n"
                .formatted(name, language);
    }

    private Path plain(String name, String text) throws IOException {
        Path file = data.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private Path packed(String name, String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        Path file = data.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes.toByteArray());
    }
}
