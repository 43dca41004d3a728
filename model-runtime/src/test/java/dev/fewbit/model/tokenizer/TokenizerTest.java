package dev.fewbit.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.model.checkpoint.InvalidCheckpointException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TokenizerTest {
    private static final int BOS = 0;
    private static final int LINES = 1_000;
    private static final long SEED = 20261125;

    private static Tokenizer tokenizer;

    @BeforeAll
    static void open() {
        tokenizer = Tokenizer.open(Path.of(System.getProperty("fewbit.root"), "reference-model", "checkpoint"));
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    static Stream<JsonNode> cases() throws IOException {
        return StreamSupport.stream(fixture().path("cases").spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldGiveTheIdsOfTheReferenceLibrary(JsonNode expected) {
        String text = expected.path("text").asText();

        int[] ids = tokenizer.encode(text);

        assertThat(ids).containsExactly(ints(expected.path("ids")));
        assertThat(tokenizer.encodeWithoutSpecialTokens(text))
                .containsExactly(ints(expected.path("idsWithoutSpecialTokens")));
        assertThat(tokenizer.decode(ids)).isEqualTo(expected.path("decoded").asText());
    }

    @Test
    void shouldHaveTheVocabularyOfTheReferenceLibrary() throws IOException {
        assertThat(tokenizer.vocabularySize())
                .isEqualTo(fixture().path("vocabularySize").asInt());
    }

    @Test
    void shouldGiveBackEveryByteOf1000LinesOfCodeAndUnicode() throws IOException {
        // Given
        List<String> lines = lines();

        for (String line : lines) {
            // When
            String decoded = tokenizer.decode(tokenizer.encode(line));

            // Then
            assertThat(decoded.getBytes(StandardCharsets.UTF_8))
                    .as("line %s", line)
                    .isEqualTo(line.getBytes(StandardCharsets.UTF_8));
        }
        String document = String.join("\n", lines);
        assertThat(tokenizer.decode(tokenizer.encode(document))).isEqualTo(document);
    }

    @Test
    void shouldLeaveOutSpecialTokensByIdWhenTheyStandAnywhere() {
        // Given
        int[] words = tokenizer.encodeWithoutSpecialTokens("return x");
        int[] ids = new int[words.length + 3];
        System.arraycopy(words, 0, ids, 2, words.length);
        ids[0] = BOS;
        ids[1] = BOS;
        ids[ids.length - 1] = 1;

        // Then
        assertThat(tokenizer.decode(ids)).isEqualTo("return x");
        assertThat(tokenizer.isSpecial(1)).isTrue();
        assertThat(tokenizer.isSpecial(words[0])).isFalse();
    }

    @Test
    void shouldRefuseWhenAnIdIsOutsideTheVocabulary() {
        int size = tokenizer.vocabularySize();

        assertThatThrownBy(() -> tokenizer.decode(new int[] {size}))
                .hasMessage("token id %d is outside the vocabulary, 0 to %d", size, size - 1);
    }

    @Test
    void shouldNameTheFileWhenItIsMissingOrNoTokenizer(@TempDir Path directory) throws IOException {
        assertThatThrownBy(() -> Tokenizer.open(directory))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessage(directory + ": has no tokenizer.json");
        Path file = Files.writeString(directory.resolve("tokenizer.json"), "{\"version\": \"1.0\"}");
        assertThatThrownBy(() -> Tokenizer.open(directory))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessageStartingWith(file + ": not a tokenizer: ")
                .hasMessageNotContaining("\n");
        Files.writeString(file, "{");
        assertThatThrownBy(() -> Tokenizer.open(directory)).hasMessageStartingWith(file + ": not valid JSON: ");
    }

    @Test
    void shouldNeitherCutNorFillUpWhenTheFileAsksForBoth(@TempDir Path directory) throws IOException {
        // Given
        Files.writeString(directory.resolve("tokenizer.json"), """
                {"version": "1.0",
                 "truncation": {"direction": "Right", "max_length": 3, "strategy": "LongestFirst", "stride": 0},
                 "padding": {"strategy": {"Fixed": 700}, "direction": "Right", "pad_to_multiple_of": null, "pad_id": 0,
                   "pad_type_id": 0, "pad_token": "a"},
                 "added_tokens": [], "normalizer": null, "pre_tokenizer": null, "post_processor": null, "decoder": null,
                 "model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": []}}""");
        String text = "ab".repeat(300);

        // When
        try (Tokenizer small = Tokenizer.open(directory)) {
            // Then
            assertThat(small.encode(text)).hasSize(600);
        }
    }

    private static List<String> lines() throws IOException {
        RandomGenerator random = new SplittableRandom(SEED);
        List<String> stock;
        try (InputStream in = TokenizerTest.class.getResourceAsStream("/tokenizer/lines.txt")) {
            stock = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
        List<String> lines = new ArrayList<>();
        while (lines.size() < LINES) {
            StringBuilder line = new StringBuilder(" ".repeat(random.nextInt(9)));
            for (int part = random.nextInt(1, 4); part > 0; part--) {
                String from = stock.get(random.nextInt(stock.size()));
                int[] points = from.codePoints()
                        .skip(random.nextInt(1 + from.length() / 2))
                        .limit(random.nextInt(1, 60))
                        .toArray();
                line.append(new String(points, 0, points.length));
                for (int i = random.nextInt(4); i > 0; i--) {
                    line.appendCodePoint(scalarValue(random));
                }
            }
            lines.add(line.append("\t ".repeat(random.nextInt(3))).toString());
        }
        return lines;
    }

    /** Any Unicode scalar value: surrogates have no UTF-8 form. */
    private static int scalarValue(RandomGenerator random) {
        // Half of them from the basic plane below the surrogates, control characters included.
        return random.nextBoolean()
                ? random.nextInt(Character.MIN_SURROGATE)
                : random.nextInt(Character.MAX_SURROGATE + 1, Character.MAX_CODE_POINT + 1);
    }

    private static JsonNode fixture() throws IOException {
        try (InputStream in = TokenizerTest.class.getResourceAsStream("/tokenizer/ids.json")) {
            return new JsonMapper().readTree(in);
        }
    }

    private static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }
}
