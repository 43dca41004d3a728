package dev.fewbit.model.decoding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The bytes that each token adds to a text, read once from {@code tokenizer.json}: to find stop strings as tokens come,
 * without decoding the whole text at every one. Byte-level vocabularies (GPT-2's) and those with byte fallback
 * (SentencePiece's) are read; special tokens have no bytes.
 */
final class TokenBytes {
    private static final String FILE = "tokenizer.json";
    private static final byte[] NONE = {};
    /** SentencePiece's sign for a space. */
    private static final String LOWER_BLOCK = "\u2581";

    private final byte[][] bytes;

    private TokenBytes(byte[][] bytes) {
        this.bytes = bytes;
    }

    /** Reads the tokenizer of an artifact or a checkpoint. */
    static TokenBytes open(Path directory) {
        Path file = directory.resolve(FILE);
        try {
            JsonNode root = new JsonMapper().readTree(file.toFile());
            Spelling spelling = spelling(root, file);
            JsonNode vocabulary = root.path("model").path("vocab");
            List<byte[]> table = new ArrayList<>();
            for (Map.Entry<String, JsonNode> token : vocabulary.properties()) {
                put(table, token.getValue().intValue(), spelling.bytes(token.getKey()));
            }
            for (JsonNode added : root.path("added_tokens")) {
                byte[] literal = added.path("content").textValue().getBytes(StandardCharsets.UTF_8);
                put(table, added.path("id").intValue(), added.path("special").booleanValue() ? NONE : literal);
            }
            return new TokenBytes(table.toArray(byte[][]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** The bytes of a token; none for one outside the vocabulary (an embedding may have more rows). */
    byte[] of(int token) {
        return token < bytes.length ? bytes[token] : NONE;
    }

    private static void put(List<byte[]> table, int id, byte[] bytes) {
        while (table.size() <= id) {
            table.add(NONE);
        }
        table.set(id, bytes);
    }

    /** How a vocabulary spells bytes. */
    private enum Spelling {
        BYTE_LEVEL {
            @Override
            byte[] bytes(String token) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                for (int i = 0; i < token.length(); i++) {
                    int value = byteOf(token.charAt(i));
                    if (value < 0) {
                        // As the library does: a token with a character that stands for no byte stands for itself.
                        return token.getBytes(StandardCharsets.UTF_8);
                    }
                    out.write(value);
                }
                return out.toByteArray();
            }
        },
        BYTE_FALLBACK {
            @Override
            byte[] bytes(String token) {
                if (token.length() == 6 && token.startsWith("<0x") && token.endsWith(">")) {
                    return new byte[] {(byte) Integer.parseInt(token.substring(3, 5), 16)};
                }
                return token.replace(LOWER_BLOCK, " ").getBytes(StandardCharsets.UTF_8);
            }
        };

        abstract byte[] bytes(String token);
    }

    private static Spelling spelling(JsonNode root, Path file) {
        List<String> decoders = new ArrayList<>();
        decoders.add(root.path("decoder").path("type").asText());
        root.path("decoder")
                .path("decoders")
                .forEach(decoder -> decoders.add(decoder.path("type").asText()));
        if (decoders.contains("ByteLevel")) {
            return Spelling.BYTE_LEVEL;
        }
        if (decoders.contains("ByteFallback") || decoders.contains("Metaspace")) {
            return Spelling.BYTE_FALLBACK;
        }
        throw new IllegalArgumentException(
                file + ": decoder " + decoders + "; allowed: ByteLevel, ByteFallback or Metaspace");
    }

    /**
     * The byte that a character of a byte-level vocabulary stands for: printable ones for themselves, the others for a run
     * of characters from 256 on. -1 for a character that stands for none.
     */
    private static int byteOf(int character) {
        if (character < 256) {
            return isPrintable(character) ? character : -1;
        }
        int nth = character - 256;
        for (int candidate = 0; candidate < 256; candidate++) {
            if (!isPrintable(candidate) && nth-- == 0) {
                return candidate;
            }
        }
        return -1;
    }

    private static boolean isPrintable(int value) {
        return value >= '!' && value <= '~' || value >= 0xA1 && value <= 0xAC || value >= 0xAE && value <= 0xFF;
    }
}
