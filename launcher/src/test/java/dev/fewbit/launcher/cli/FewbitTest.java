package dev.fewbit.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FewbitTest {
    private final PrintStream standardOut = System.out;
    private final PrintStream standardErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path temporary;

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setOut(standardOut);
        System.setErr(standardErr);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "quickstart",
                "study",
                "serve",
                "quantize",
                "plan",
                "models",
                "benchmarks",
                "inspect",
                "exec",
                "replay"
            })
    void shouldTeachEveryCommand(String command) {
        // When
        int status = Fewbit.run(command, "--help");

        // Then
        assertThat(status).isZero();
        assertThat(text(out)).startsWith("Usage: fewbit " + command).contains("--help");
        assertThat(text(err)).isEmpty();
    }

    @Test
    void shouldExit2WithOneLineAndAHintWhenOptionIsUnknown() {
        // When
        int status = Fewbit.run("quickstart", "--no-such-option");

        // Then
        assertThat(status).isEqualTo(2);
        assertThat(text(err)).isEqualTo("""
                fewbit: Unknown option: '--no-such-option'
                Try: ./fewbit quickstart --help
                """);
    }

    @Test
    void shouldRefuseOtherAddressesUntilThereIsAuthentication() {
        // When
        int status = Fewbit.run("serve", "--port", "8080", "--data", "unused", "--bind", "0.0.0.0");

        // Then
        assertThat(status).isEqualTo(2);
        assertThat(text(err))
                .isEqualTo("fewbit: --bind is 0.0.0.0; allowed: 127.0.0.1, until there is authentication\n");
    }

    @Test
    void shouldExit1WhenPortIsTaken() throws IOException {
        // Given
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Path data = temporary.resolve("data");

            // When
            int status = Fewbit.run("serve", "--port", port, "--data", data.toString());

            // Then
            assertThat(status).isEqualTo(1);
            assertThat(text(err)).isEqualTo("fewbit: port " + port + " of 127.0.0.1 is taken; choose another\n");
            assertThat(data).doesNotExist();
        }
    }

    @Test
    void shouldExit2WithoutTouchingDirectoryWhenStudyIsWrong() throws IOException {
        // Given
        Path study = Files.writeString(temporary.resolve("study.yaml"), "name: x\nmodel: []\n");
        Path data = temporary.resolve("data");

        // When
        int status = Fewbit.run("study", "run", study.toString(), "--out", data.toString());

        // Then
        assertThat(status).isEqualTo(2);
        assertThat(text(err)).isEqualTo("fewbit: " + study + ":2:1: unknown key 'model'; did you mean 'models'?\n");
        assertThat(data).doesNotExist();
    }

    @Test
    void shouldListTheRestWhenABenchmarksFileIsBroken() throws IOException {
        // Given
        Path mbpp = Files.createDirectories(temporary.resolve("data/mbpp"));
        Path broken = Files.writeString(mbpp.resolve("mbpp.jsonl"), "{\"task_id\": 1}\n");
        Files.writeString(mbpp.resolve("sanitized-mbpp.json"), """
                [{"task_id":2,"prompt":"p","code":"c","test_imports":[],"test_list":["assert f()"]}]
                """);

        // When
        int status =
                Fewbit.run("benchmarks", "--data", temporary.resolve("data").toString(), "--json");

        // Then
        assertThat(status).isZero();
        Map<String, JsonNode> listed = new HashMap<>();
        new JsonMapper()
                .readTree(text(out))
                .forEach(entry -> listed.put(entry.path("name").asText(), entry));
        assertThat(listed).hasSize(53);
        assertThat(listed.get("mbpp-sanitized").path("available").asBoolean()).isTrue();
        assertThat(listed.get("mbpp-sanitized").path("problems").asInt()).isEqualTo(1);
        assertThat(listed.get("mbpp-sanitized").path("revision").asText()).startsWith("unknown, not 19a25675");
        assertThat(listed.get("mbpp").path("available").asBoolean()).isFalse();
        assertThat(listed.get("mbpp").path("found").asBoolean()).isTrue();
        assertThat(listed.get("mceval-java").path("found").asBoolean()).isFalse();
        assertThat(listed.get("mbpp").path("reason").asText()).isEqualTo(broken + ":1: key 'text' is missing");
        assertThat(listed.get("multipl-e-humaneval-cpp").path("language").asText())
                .isEqualTo("cpp");
        assertThat(listed.get("multipl-e-humaneval-cpp").path("available").asBoolean())
                .isFalse();
    }

    @Test
    void shouldFindTheProblemWhoseWordsTheCalibrationTextHas() throws IOException {
        // Given
        Path mbpp = Files.createDirectories(temporary.resolve("data/mbpp"));
        Files.writeString(mbpp.resolve("sanitized-mbpp.json"), """
                [{"task_id":2,"prompt":"One two three four five six seven eight nine ten.","code":"c","test_imports":[],
                  "test_list":["assert f()"]},
                 {"task_id":3,"prompt":"Other.","code":"c","test_imports":[],"test_list":["assert f()"]}]
                """);
        Path text = Files.writeString(
                temporary.resolve("text.jsonl"), "{\"text\":\"one, two three FOUR five six seven eight nine ten\"}\n");

        // When
        int status = Fewbit.run(
                "benchmarks",
                "overlap",
                "--calibration",
                text.toString(),
                "--data",
                temporary.resolve("data").toString(),
                "--benchmark",
                "mbpp-sanitized",
                "--json");

        // Then
        assertThat(status).isZero();
        JsonNode found = new JsonMapper().readTree(text(out)).path(0);
        assertThat(found.path("problems").asInt()).isEqualTo(2);
        assertThat(found.path("sharedProblems").asInt()).isEqualTo(1);
        assertThat(found.path("sharedDocuments").asInt()).isEqualTo(1);
        assertThat(found.path("example").asText())
                .isEqualTo("text.jsonl:1 and 2: one two three four five six seven eight nine ten");
    }

    @Test
    void shouldExit2WhenTheBenchmarkIsNotKnown() {
        // When
        int status = Fewbit.run(
                "benchmarks",
                "overlap",
                "--calibration",
                "unread.jsonl",
                "--data",
                temporary.toString(),
                "--benchmark",
                "humanevl");

        // Then
        assertThat(status).isEqualTo(2);
        assertThat(text(err))
                .isEqualTo("fewbit: --benchmark: benchmark 'humanevl' is not known; ./fewbit benchmarks lists all;"
                        + " did you mean humaneval?\n");
    }

    @Test
    void shouldExit2AndLeaveNothingWhenRecipeIsWrong() throws IOException {
        // Given
        Path recipe = Files.writeString(temporary.resolve("recipe.yaml"), "method: rtn\nbits: 5\n");
        Path artifact = temporary.resolve("artifact");

        // When
        int status = Fewbit.run(
                "quantize",
                "--checkpoint",
                temporary.toString(),
                "--recipe",
                recipe.toString(),
                "--out",
                artifact.toString());

        // Then
        assertThat(status).isEqualTo(2);
        assertThat(text(err))
                .startsWith("fewbit: " + recipe)
                .contains("bits is 5; allowed: 8, 4, 3 or 2")
                .hasLineCount(1);
        assertThat(artifact).doesNotExist();
    }

    @Test
    void shouldExit1AndLeaveNothingWhenCheckpointIsEmpty() throws IOException {
        // Given
        Path recipe = Files.writeString(temporary.resolve("recipe.yaml"), "method: rtn\nbits: 4\n");
        Path checkpoint = Files.createDirectory(temporary.resolve("checkpoint"));
        Path artifact = temporary.resolve("artifact");

        // When
        int status = Fewbit.run(
                "quantize",
                "--checkpoint",
                checkpoint.toString(),
                "--recipe",
                recipe.toString(),
                "--out",
                artifact.toString());

        // Then
        assertThat(status).isEqualTo(1);
        assertThat(text(err))
                .startsWith("fewbit: ")
                .contains(checkpoint.toString(), "config.json")
                .hasLineCount(1);
        assertThat(artifact).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            calibration: {set: prose}              | 2 | calibration.set is prose; allowed: code, mixed or random
            calibration: {file: no.jsonl}          | 1 | no.jsonl: no such file
            calibration: {file: empty.jsonl}       | 1 | empty.jsonl: is empty
            calibration: {file: latin.jsonl}       | 1 | latin.jsonl: not UTF-8 text
            calibration: {file: other.jsonl}       | 1 | other.jsonl:2: has no text field
            calibration: {file: broken.jsonl}      | 1 | broken.jsonl:1: not JSON
            calibration: {file: plain.jsonl.gz}    | 1 | plain.jsonl.gz: not packed with gzip
            calibration: {file: folder}            | 1 | folder/a.py: not UTF-8 text
            calibration: {file: short.jsonl}       | 1 | short.jsonl: has 4 tokens; calibration of 128 sequences of 512 needs 65536
            overrides: [{match: layers.9, bits: 4}] | 1 | overrides: 'layers.9' matches no linear
            fidelity: {text: no.jsonl}             | 1 | no.jsonl: no such file
            """)
    void shouldSayInOneLineWhatIsWrongWithATextAndLeaveNothing(String line, int expected, String message)
            throws IOException {
        // Given
        Files.writeString(temporary.resolve("empty.jsonl"), "\n");
        Files.write(temporary.resolve("latin.jsonl"), "{\"text\": \"é\"}".getBytes(StandardCharsets.ISO_8859_1));
        Files.writeString(temporary.resolve("other.jsonl"), "{\"text\": \"x\"}\n{}\n");
        Files.writeString(temporary.resolve("broken.jsonl"), "{\"text\": \"x\"\n");
        Files.writeString(temporary.resolve("plain.jsonl.gz"), "{\"text\": \"x\"}\n");
        Files.writeString(temporary.resolve("short.jsonl"), "{\"text\": \"x y\"}\n");
        Files.createDirectory(temporary.resolve("folder"));
        Files.write(temporary.resolve("folder/a.py"), "é".getBytes(StandardCharsets.ISO_8859_1));
        Path recipe = Files.writeString(
                temporary.resolve("recipe.yaml"),
                "method: gptq\nbits: 4\n" + line.replaceAll("(file|text): ", "$1: " + temporary + "/") + "\n");
        Path artifact = temporary.resolve("artifact");

        // When
        int status = Fewbit.run(
                "quantize",
                "--checkpoint",
                Path.of(System.getProperty("fewbit.root"), "reference-model/checkpoint")
                        .toString(),
                "--recipe",
                recipe.toString(),
                "--out",
                artifact.toString());

        // Then
        assertThat(status).isEqualTo(expected);
        assertThat(text(err)).startsWith("fewbit: ").contains(message).hasLineCount(1);
        assertThat(artifact).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            8 GB | 2 | fewbit: --memory: memory limit '8 GB'; allowed: a size such as 8G, 512M or 8GiB
            4M   | 1 | fewbit: memory limit of 4.0 MiB: weights, sums and factors of
            """)
    void shouldSayInOneLineWhatIsWrongWithAMemoryLimit(String limit, int expected, String message) throws IOException {
        // Given
        Path recipe = Files.writeString(
                temporary.resolve("recipe.yaml"),
                "method: gptq\nbits: 4\ncalibration: {set: code, sequences: 2, length: 64}\nfidelity: {}\n");

        // When
        int status = Fewbit.run(
                "quantize",
                "--checkpoint",
                Path.of(System.getProperty("fewbit.root"), "reference-model/checkpoint")
                        .toString(),
                "--recipe",
                recipe.toString(),
                "--out",
                temporary.resolve("artifact").toString(),
                "--memory",
                limit);

        // Then
        assertThat(status).isEqualTo(expected);
        assertThat(text(err)).startsWith(message).hasLineCount(1);
        assertThat(temporary.resolve("artifact")).doesNotExist();
    }

    @Test
    void shouldExit1WithDocumentAndProblemWhenOverlapIsForbidden() throws IOException {
        // Given
        String words = "one two three four five six seven eight nine ten ".repeat(8);
        Files.writeString(temporary.resolve("own.jsonl"), "{\"text\": \"" + words + "\"}\n");
        Files.createDirectories(temporary.resolve("data/theirs"));
        Files.writeString(
                temporary.resolve("data/theirs/problems.jsonl"), "{\"name\": \"P1\", \"prompt\": \"" + words + "\"}\n");
        Path recipe = Files.writeString(
                temporary.resolve("recipe.yaml"),
                "method: gptq\nbits: 4\ncalibration: {file: " + temporary + "/own.jsonl, sequences: 1, length: 32}\n");

        // When
        int status = Fewbit.run(
                "quantize",
                "--checkpoint",
                Path.of(System.getProperty("fewbit.root"), "reference-model/checkpoint")
                        .toString(),
                "--recipe",
                recipe.toString(),
                "--out",
                temporary.resolve("artifact").toString(),
                "--data",
                temporary.resolve("data").toString(),
                "--forbid-overlap");

        // Then
        assertThat(status).isEqualTo(1);
        assertThat(text(err))
                .isEqualTo(
                        "fewbit: calibration text overlaps with benchmark theirs: 1 of its 1 documents and 1 of 1 problems"
                                + " share ten words, such as own.jsonl:1 and P1: one two three four five six seven eight nine ten\n");
        assertThat(temporary.resolve("artifact")).doesNotExist();
    }

    @Test
    void shouldExit1WhenDirectoryIsNoArtifact() {
        // When
        int status = Fewbit.run("inspect", temporary.toString());

        // Then
        assertThat(status).isEqualTo(1);
        assertThat(text(err))
                .startsWith("fewbit: " + temporary)
                .contains("fewbit.json")
                .hasLineCount(1);
    }

    @Test
    void shouldExit2WhenProgramIsMissing() {
        // When
        int status = Fewbit.run(
                "exec", "--language", "python", temporary.resolve("no.py").toString());

        // Then
        assertThat(status).isEqualTo(2);
        assertThat(text(err)).isEqualTo("fewbit: " + temporary.resolve("no.py") + ": no such file\n");
    }

    @Test
    void shouldPlanAPublishedCheckpointWithoutItsWeights() throws IOException {
        // Given
        Path recipe = Files.writeString(temporary.resolve("recipe.yaml"), "method: rtn\nbits: 4\nblock_size: 128\n");

        // When
        int status = Fewbit.run("plan", "--checkpoint", "codellama/CodeLlama-7b-hf", "--recipe", recipe.toString());

        // Then: 6,476,005,376 linear weights at 4 + 20 / 128 bits and 262,541,312 others at 16; keys and values of
        // 32 layers, 8 slots, 2,048 positions and 4,096 columns in fp32
        assertThat(text(err)).isEmpty();
        assertThat(status).isZero();
        assertThat(text(out))
                .containsPattern("parameters +6,738,546,688")
                .containsPattern("stored +3\\.89 GB  the study's file at this width: 4\\.00 GB")
                .containsPattern("serving .* 8 slots x 2048: .* cache 17\\.18,");
    }

    @Test
    void shouldExit2AndNameTheNearestWhenTheIdToPlanIsUnknown() throws IOException {
        // Given
        Path recipe = Files.writeString(temporary.resolve("recipe.yaml"), "method: rtn\nbits: 4\n");

        // When
        int status = Fewbit.run("plan", "--checkpoint", "bigcode/starcoder2-5b", "--recipe", recipe.toString());

        // Then
        assertThat(status).isEqualTo(2);
        assertThat(text(err))
                .isEqualTo("fewbit: checkpoint bigcode/starcoder2-5b is neither a directory nor a known id; nearest:"
                        + " bigcode/starcoder2-3b, bigcode/starcoder2-7b, bigcode/starcoder2-15b\n");
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
