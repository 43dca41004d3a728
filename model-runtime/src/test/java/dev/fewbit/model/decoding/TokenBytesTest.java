package dev.fewbit.model.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenBytesTest {
    @TempDir
    Path directory;

    @Test
    void shouldGiveBytesWhenTheVocabularyIsByteLevel() throws IOException {
        // Given: in GPT-2's spelling U+0120 is a space, U+010A a line feed, U+00C3 U+00A9 the bytes of e acute, U+0100
        // byte
        // 0, U+0143 byte 0xAD
        write("""
                {"decoder": {"type": "ByteLevel"},
                 "added_tokens": [{"id": 0, "content": "<s>", "special": true}, {"id": 7, "content": "\\u00e9", "special": false}],
                 "model": {"vocab": {"<s>": 0, "ab": 1, "\\u0120x": 2, "\\u010a": 3, "\\u00c3\\u00a9": 4, "\\u0100": 5, "\\u0143": 6}}}
                """);

        // When
        TokenBytes bytes = TokenBytes.open(directory);

        // Then
        assertThat(bytes.of(0)).isEmpty();
        assertThat(bytes.of(1)).containsExactly('a', 'b');
        assertThat(bytes.of(2)).containsExactly(' ', 'x');
        assertThat(bytes.of(3)).containsExactly('\n');
        assertThat(bytes.of(4)).containsExactly((byte) 0xC3, (byte) 0xA9);
        assertThat(bytes.of(5)).containsExactly((byte) 0);
        assertThat(bytes.of(6)).containsExactly((byte) 0xAD);
        assertThat(bytes.of(7)).containsExactly((byte) 0xC3, (byte) 0xA9);
        assertThat(bytes.of(8)).isEmpty();
    }

    @Test
    void shouldTakeATokenLiterallyWhenACharacterOfItStandsForNoByte() throws IOException {
        // Given: DeepSeek-Coder's vocabulary has such tokens; U+FF5C is a wide bar, U+0120 a space where all are bytes
        write("""
                {"decoder": {"type": "ByteLevel"},
                 "model": {"vocab": {"<\\uff5cfim\\uff5c>": 0, "a b": 1, "\\u0120\\u0144": 2}}}
                """);

        // When
        TokenBytes bytes = TokenBytes.open(directory);

        // Then
        assertThat(bytes.of(0)).isEqualTo("<\uff5cfim\uff5c>".getBytes(StandardCharsets.UTF_8));
        assertThat(bytes.of(1)).isEqualTo("a b".getBytes(StandardCharsets.UTF_8));
        assertThat(bytes.of(2)).isEqualTo("\u0120\u0144".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldGiveBytesWhenTheVocabularyFallsBackToBytes() throws IOException {
        // Given
        write("""
                {"decoder": {"type": "Sequence", "decoders": [{"type": "Replace"}, {"type": "ByteFallback"}, {"type": "Fuse"}]},
                 "added_tokens": [{"id": 0, "content": "</s>", "special": true}],
                 "model": {"vocab": {"</s>": 0, "<0x0A>": 1, "\\u2581\\u2581int": 2, "\\u00e9": 3}}}
                """);

        // When
        TokenBytes bytes = TokenBytes.open(directory);

        // Then
        assertThat(bytes.of(0)).isEmpty();
        assertThat(bytes.of(1)).containsExactly('\n');
        assertThat(bytes.of(2)).isEqualTo("  int".getBytes(StandardCharsets.UTF_8));
        assertThat(bytes.of(3)).isEqualTo("\u00e9".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldNameTheDecoderWhenItIsNoneThatIsRead() throws IOException {
        // Given
        write("{\"decoder\": {\"type\": \"WordPiece\"}, \"model\": {\"vocab\": {}}}");

        // When, Then
        assertThatThrownBy(() -> TokenBytes.open(directory))
                .hasMessage(directory.resolve("tokenizer.json")
                        + ": decoder [WordPiece]; allowed: ByteLevel, ByteFallback or Metaspace");
    }

    private void write(String json) throws IOException {
        Files.writeString(directory.resolve("tokenizer.json"), json);
    }
}
