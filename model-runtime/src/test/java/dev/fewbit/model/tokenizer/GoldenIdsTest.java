package dev.fewbit.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ids and texts as Python's {@code tokenizers} gives them, for tokenizers built like CodeLlama's, DeepSeek-Coder's, Qwen2.5-Coder's and
 * SmolLM2's; {@code tokenizers/record.py} made and recorded them.
 */
class GoldenIdsTest {
    private static final Path FIXTURES =
            Path.of(System.getProperty("fewbit.root"), "model-runtime/src/test/resources/tokenizers");

    static Stream<JsonNode> names() {
        return Stream.of("llama", "deepseek", "qwen", "smollm").map(GoldenIdsTest::golden);
    }

    private static JsonNode golden(String name) {
        try {
            JsonNode cases = new JsonMapper()
                    .readTree(FIXTURES.resolve("golden.json").toFile())
                    .path("cases");
            return new JsonMapper()
                    .createArrayNode()
                    .addAll(StreamSupport.stream(cases.spliterator(), false)
                            .filter(one -> one.path("tokenizer").textValue().equals(name))
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldGivePythonsIdsAndTextWhenEncodedAndDecoded(JsonNode cases) {
        String name = cases.path(0).path("tokenizer").textValue();
        try (Tokenizer tokenizer = Tokenizer.open(FIXTURES.resolve(name))) {
            assertThat(cases).hasSize(12);
            for (JsonNode golden : cases) {
                String text = golden.path("text").textValue();
                int[] ids = ids(golden.path("ids"));
                assertThat(tokenizer.encode(text)).as(text).isEqualTo(ids);
                assertThat(tokenizer.encodeWithoutSpecialTokens(text)).as(text).isEqualTo(ids(golden.path("without")));
                assertThat(tokenizer.decode(ids))
                        .as(text)
                        .isEqualTo(golden.path("decoded").textValue());
            }
        }
    }

    private static int[] ids(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
    }
}
