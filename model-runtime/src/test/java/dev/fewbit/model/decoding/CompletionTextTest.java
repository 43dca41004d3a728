package dev.fewbit.model.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a tokenizer of Llama's kind: spaces are U+2581, what has no token falls back to bytes, a leading space is stripped. */
class CompletionTextTest {
    private static final int END = 1;
    private static final int LINE_FEED = 3;
    private static final int STRAY_BYTE = 4;
    private static final int DEF = 5;
    private static final int SPACE_A = 6;
    private static final int FIRST_OF_TWO = 7;
    private static final int SECOND_OF_TWO = 8;

    @TempDir
    Path directory;

    private Tokenizer tokenizer;
    private CompletionText text;

    @BeforeEach
    void open() throws IOException {
        Files.writeString(directory.resolve("tokenizer.json"), """
                {"version": "1.0", "truncation": null, "padding": null,
                 "added_tokens": [
                   {"id": 0, "content": "<unk>", "special": true, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false},
                   {"id": 1, "content": "</s>", "special": true, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false}],
                 "normalizer": null, "pre_tokenizer": null, "post_processor": null,
                 "decoder": {"type": "Sequence", "decoders": [
                   {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "},
                   {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
                 "model": {"type": "BPE", "dropout": null, "unk_token": "<unk>", "continuing_subword_prefix": null,
                   "end_of_word_suffix": null, "fuse_unk": true, "byte_fallback": true, "merges": [],
                   "vocab": {"<unk>": 0, "</s>": 1, "\u2581": 2, "<0x0A>": 3, "<0x80>": 4, "def": 5, "\u2581a": 6, "<0xC3>": 7, "<0xA9>": 8}}}
                """);
        tokenizer = Tokenizer.open(directory);
        text = new CompletionText(tokenizer);
    }

    @AfterEach
    void close() {
        tokenizer.close();
    }

    @Test
    void shouldKeepALeadingSpaceAndDropSpecialTokensByIdWhenItDecodes() {
        assertThat(text.of(new int[] {DEF}, new int[] {SPACE_A, LINE_FEED, END}))
                .isEqualTo(" a\n");
    }

    @Test
    void shouldJoinTheBytesOfACharacterWhenTheyAreTwoTokens() {
        assertThat(text.of(new int[] {DEF, LINE_FEED}, new int[] {FIRST_OF_TWO, SECOND_OF_TWO}))
                .isEqualTo("\u00e9");
    }

    @Test
    void shouldGiveReplacementCharactersWhenAStrayByteFollowsThePromptsLineFeed() {
        assertThat(text.of(new int[] {DEF, LINE_FEED}, new int[] {STRAY_BYTE, SPACE_A}))
                .isEqualTo("\ufffd a");
    }
}
