package dev.fewbit.model.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.model.checkpoint.InvalidCheckpointException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;

/**
 * The tokenizer of a checkpoint's {@code tokenizer.json}, run by Hugging Face's own library. Nothing is truncated, padded,
 * stripped or cleaned up, whatever the files beside it ask for. Safe for use by several threads.
 */
public final class Tokenizer implements AutoCloseable {
    private static final String FILE = "tokenizer.json";
    private static final Map<String, String> OPTIONS =
            Map.of("truncation", "DO_NOT_TRUNCATE", "padding", "DO_NOT_PAD", "addSpecialTokens", "true");

    static {
        // The library would fetch a CUDA build of itself where it sees a GPU, and report its use where it sees EC2.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("RUST_FLAVOR", "cpu");
    }

    private final HuggingFaceTokenizer tokenizer;
    private final BitSet specialIds;
    private final int vocabularySize;

    private Tokenizer(HuggingFaceTokenizer tokenizer, BitSet specialIds, int vocabularySize) {
        this.tokenizer = tokenizer;
        this.specialIds = specialIds;
        this.vocabularySize = vocabularySize;
    }

    /**
     * Opens {@code tokenizer.json} in {@code directory}, a checkpoint's or an artifact's.
     *
     * @throws InvalidCheckpointException when it is missing or not a tokenizer
     * @throws UncheckedIOException when it cannot be read
     */
    public static Tokenizer open(Path directory) {
        Path file = directory.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new InvalidCheckpointException(directory, "has no " + FILE);
        }
        try {
            byte[] bytes = Files.readAllBytes(file);
            JsonNode root = new JsonMapper().readTree(bytes);
            return new Tokenizer(load(file, bytes), specialIds(root), largestId(root) + 1);
        } catch (JsonProcessingException e) {
            throw new InvalidCheckpointException(
                    file,
                    "not valid JSON: "
                            + e.getOriginalMessage().lines().findFirst().orElse(""));
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** Ids of {@code text} with the special tokens that the tokenizer's own post-processor adds, such as a leading BOS. */
    public int[] encode(String text) {
        return encode(text, true);
    }

    /** Ids of {@code text} alone. */
    public int[] encodeWithoutSpecialTokens(String text) {
        return encode(text, false);
    }

    /**
     * The text of {@code ids}, special tokens left out. Decode a whole sequence, prompt and completion, and cut the prompt's
     * text off: what a completion decodes to alone can differ by a leading space.
     *
     * @throws IllegalArgumentException when an id is outside the vocabulary
     */
    public String decode(int[] ids) {
        for (int id : ids) {
            if (id < 0 || id >= vocabularySize) {
                throw new IllegalArgumentException(
                        "token id " + id + " is outside the vocabulary, 0 to " + (vocabularySize - 1));
            }
        }
        long[] kept = Arrays.stream(ids)
                .filter(id -> !specialIds.get(id))
                .asLongStream()
                .toArray();
        return tokenizer.decode(kept, false);
    }

    /** The largest id and one: what a model's vocabulary must at least hold. */
    public int vocabularySize() {
        return vocabularySize;
    }

    /** Whether {@code id} stands for no text: BOS, EOS and their like. */
    public boolean isSpecial(int id) {
        return specialIds.get(id);
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    private int[] encode(String text, boolean withSpecialTokens) {
        return Arrays.stream(tokenizer.encode(text, withSpecialTokens, false).getIds())
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    private static HuggingFaceTokenizer load(Path file, byte[] bytes) throws IOException {
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(bytes), OPTIONS);
        } catch (RuntimeException e) {
            // The native library reports every fault of the file as a plain RuntimeException.
            throw new InvalidCheckpointException(
                    file,
                    "not a tokenizer: " + e.getMessage().lines().findFirst().orElse(""));
        }
    }

    private static BitSet specialIds(JsonNode root) {
        BitSet ids = new BitSet();
        for (JsonNode token : root.path("added_tokens")) {
            if (token.path("special").asBoolean()) {
                ids.set(token.path("id").asInt());
            }
        }
        return ids;
    }

    private static int largestId(JsonNode root) {
        JsonNode vocabulary = root.path("model").path("vocab");
        int largest = vocabulary.isArray() ? vocabulary.size() - 1 : -1;
        if (vocabulary.isObject()) {
            for (JsonNode id : vocabulary) {
                largest = Math.max(largest, id.asInt());
            }
        }
        for (JsonNode token : root.path("added_tokens")) {
            largest = Math.max(largest, token.path("id").asInt());
        }
        return largest;
    }
}
