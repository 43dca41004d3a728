package dev.fewbit.quantizer.overlap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.fewbit.contracts.artifact.BenchmarkOverlap;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.calibration.TextDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecontaminationTest {
    private static final Path ROOT = Path.of(System.getProperty("fewbit.root"));
    private static final String SHARED = "one two three four five six seven eight nine ten";

    @TempDir
    private Path directory;

    @BeforeEach
    void writeBenchmarks() throws IOException {
        // A JSONL file with two languages of one problem, a packed one, and an array
        write("humaneval/py.jsonl", """
                {"name": "H_0", "prompt": "nothing in common", "base_input": [Infinity, -Infinity, NaN, 1%s], "tests": "%s"}
                {"name": "H_1", "prompt": "ONE two, three: (four) five\\nsix seven eight nine ten!"}
                """.formatted("0".repeat(2000), SHARED));
        write("humaneval/java.jsonl", "{\"name\": \"H_1\", \"prompt\": \"" + SHARED + " eleven\"}\n");
        try (GZIPOutputStream out =
                new GZIPOutputStream(Files.newOutputStream(folder("mbpp").resolve("m.jsonl.gz")))) {
            out.write("{\"task_id\": 7, \"text\": \"other words\", \"code\": \"x\"}\n".getBytes());
        }
        write("mceval/m.json", "[{\"name\": \"J\", \"canonical_solution\": \"" + SHARED + "\"}]");
        write("mceval/SOURCE.md", SHARED);
    }

    @Test
    void shouldCountProblemsAndDocumentsThatShareTenWords() {
        // When
        List<BenchmarkOverlap> overlaps = new Decontamination(directory, false)
                .check(
                        directory,
                        List.of(
                                new TextDocument("a", "zero " + SHARED + " eleven"),
                                new TextDocument("b", "one two three four five six seven eight nine"),
                                new TextDocument("c", "One Two Three Four Five Six Seven Eight Nine Ten")));

        // Then
        assertThat(overlaps)
                .extracting(
                        BenchmarkOverlap::benchmark,
                        BenchmarkOverlap::problems,
                        BenchmarkOverlap::sharedProblems,
                        BenchmarkOverlap::sharedDocuments,
                        BenchmarkOverlap::example)
                .containsExactly(
                        tuple("humaneval", 2, 1, 2, "a and H_1: " + SHARED),
                        tuple("mbpp", 1, 0, 0, null),
                        tuple("mceval", 1, 1, 2, "a and J: " + SHARED));
    }

    @Test
    void shouldRefuseWithDocumentAndProblemWhenOverlapIsForbidden() {
        Decontamination strict = new Decontamination(directory, true);

        assertThatThrownBy(() -> strict.check(directory, List.of(new TextDocument("a.jsonl:3", SHARED))))
                .isInstanceOf(QuantizationException.class)
                .hasMessage(
                        "calibration text overlaps with benchmark humaneval: 1 of its 1 documents and 1 of 2 problems share"
                                + " ten words, such as a.jsonl:3 and H_1: " + SHARED);
        assertThat(strict.check(directory, List.of(new TextDocument("b", "quite different"))))
                .hasSize(3);
    }

    @Test
    void shouldLookAtTheReferenceBenchmarkWhenNoOthersAreNamed() {
        // Given: the prompts of the reference benchmark have two-language problems under one name
        List<BenchmarkOverlap> overlaps =
                Decontamination.REPORTED.check(ROOT, List.of(new TextDocument("a", "quite different")));

        assertThat(overlaps).hasSize(1);
        assertThat(overlaps.getFirst().benchmark()).isEqualTo("reference");
        assertThat(overlaps.getFirst().problems()).isEqualTo(420);
        assertThat(overlaps.getFirst().sharedProblems()).isZero();
        assertThat(overlaps.getFirst().digest()).hasSize(64);
    }

    @Test
    void shouldKnowBenchmarksByWhatTheyAsk() throws IOException {
        String before = BenchmarkText.below(directory).getFirst().digest();
        write("humaneval/java.jsonl", "{\"name\": \"H_1\", \"prompt\": \"" + SHARED + " twelve\"}\n");

        assertThat(BenchmarkText.below(directory).getFirst().digest()).isNotEqualTo(before);
    }

    @Test
    void shouldNameTheFolderOrFileWhenThereIsNoBenchmark() throws IOException {
        Path empty = folder("empty");
        assertThatThrownBy(() -> BenchmarkText.below(empty))
                .isInstanceOf(QuantizationException.class)
                .hasMessage(empty
                        + ": has no benchmarks; allowed: a folder for each, with JSON or JSONL files of problems");
        Path absent = directory.resolve("absent");
        assertThatThrownBy(() -> BenchmarkText.below(absent))
                .hasMessage(absent + ": no such directory; allowed: one with a folder for each benchmark");
        write("mbpp/broken.jsonl", "{\"name\": \"a\"}\n{\"name\":\n");
        assertThatThrownBy(() -> BenchmarkText.below(directory))
                .hasMessage(directory.resolve("mbpp/broken.jsonl") + ": not JSON behind problem 1");
    }

    @Test
    void shouldGiveEveryTenWordsInOrder() {
        List<String> found = new ArrayList<>();

        WordSequences.of("a b-c D_e f1 g h i j k", found::add);

        assertThat(found).containsExactly("a b c d e f1 g h i j", "b c d e f1 g h i j k");
    }

    private Path folder(String name) throws IOException {
        return Files.createDirectories(directory.resolve(name));
    }

    private void write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
