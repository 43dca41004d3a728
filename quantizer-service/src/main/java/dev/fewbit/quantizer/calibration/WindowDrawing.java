package dev.fewbit.quantizer.calibration;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.tokenizer.Tokenizer;
import dev.fewbit.quantizer.QuantizationException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Draws windows of {@code length} tokens from documents. Both ways are the study's (its {@code custom_datautils.py}); the second half of
 * {@link #first} is ours. {@link Random} is used because its algorithm is specified to the bit, which is what a seed is worth.
 */
final class WindowDrawing {
    private final Tokenizer tokenizer;
    private final ModelConfig config;
    private final int length;
    private final long seed;
    private final List<int[]> windows = new ArrayList<>();
    /** In the order in which they were first used. */
    private final Set<TextDocument> used = new LinkedHashSet<>();

    WindowDrawing(Tokenizer tokenizer, ModelConfig config, int length, long seed) {
        this.tokenizer = tokenizer;
        this.config = config;
        this.length = length;
        this.seed = seed;
    }

    TokenWindows windows() {
        return new TokenWindows(windows.toArray(int[][]::new));
    }

    List<TextDocument> used() {
        return List.copyOf(used);
    }

    /**
     * Windows at random: a random document with more than {@code length} tokens, a random window of it, again and again; a document may
     * come several times. A window that does not begin where its document does has no BOS.
     *
     * @param source what messages call the documents
     * @throws QuantizationException when no document is longer than a window
     */
    void random(String source, List<TextDocument> documents, int sequences) {
        int[][] ids = new int[documents.size()][];
        Random random = new Random(seed);
        for (int drawn = 0; drawn < sequences; ) {
            int at = random.nextInt(documents.size());
            if (ids[at] == null) {
                ids[at] = encode(source, documents.get(at));
            }
            if (ids[at].length > length) {
                int from = random.nextInt(ids[at].length - length + 1);
                windows.add(Arrays.copyOfRange(ids[at], from, from + length));
                used.add(documents.get(at));
                drawn++;
            } else if (Arrays.stream(ids).allMatch(tokens -> tokens != null && tokens.length <= length)) {
                throw new QuantizationException(
                        "%s: its longest of %d documents has %d tokens; calibration of length %d needs longer ones"
                                .formatted(
                                        source,
                                        ids.length,
                                        Arrays.stream(ids)
                                                .mapToInt(tokens -> tokens.length)
                                                .max()
                                                .orElse(0),
                                        length));
            }
        }
    }

    /**
     * The first tokens of documents: in an order shuffled by the seed, the first {@code length} tokens of each document that has more.
     * Where too few have, all are joined in that order instead, each with the EOS behind it, and cut one window behind the other.
     *
     * @param source what messages call the documents
     * @throws QuantizationException when all documents together are too short
     */
    void first(String source, List<TextDocument> documents, int sequences) {
        List<TextDocument> shuffled = new ArrayList<>(documents);
        Collections.shuffle(shuffled, new Random(seed));
        List<int[]> ids = new ArrayList<>();
        List<Integer> longer = new ArrayList<>();
        for (TextDocument document : shuffled) {
            int[] tokens = encode(source, document);
            if (tokens.length > length) {
                longer.add(ids.size());
                if (longer.size() == sequences) {
                    ids.add(tokens);
                    break;
                }
            }
            ids.add(tokens);
        }
        if (longer.size() == sequences) {
            for (int at : longer) {
                windows.add(Arrays.copyOf(ids.get(at), length));
                used.add(shuffled.get(at));
            }
        } else {
            join(source, shuffled, ids, sequences);
        }
    }

    private void join(String source, List<TextDocument> documents, List<int[]> ids, int sequences) {
        int wanted = Math.multiplyExact(sequences, length);
        int[] stream = new int[wanted];
        int filled = 0;
        for (int at = 0; at < ids.size() && filled < wanted; at++) {
            int[] tokens = ended(ids.get(at));
            int taken = Math.min(tokens.length, wanted - filled);
            System.arraycopy(tokens, 0, stream, filled, taken);
            filled += taken;
            used.add(documents.get(at));
        }
        if (filled < wanted) {
            throw new QuantizationException(
                    "%s: has %d tokens; calibration of %d sequences of %d needs %d: fewer or shorter sequences, or more text"
                            .formatted(source, filled, sequences, length, wanted));
        }
        for (int i = 0; i < sequences; i++) {
            windows.add(Arrays.copyOfRange(stream, i * length, (i + 1) * length));
        }
    }

    private int[] encode(String source, TextDocument document) {
        int[] ids = tokenizer.encode(document.text());
        for (int id : ids) {
            if (id >= config.vocabSize()) {
                throw new QuantizationException("%s: %s has token id %d; the model's vocabulary ends at %d"
                        .formatted(source, document.name(), id, config.vocabSize() - 1));
            }
        }
        return ids;
    }

    /** A document's ids with the EOS behind, where the model has one. */
    private int[] ended(int[] ids) {
        return config.eosTokenIds().isEmpty()
                ? ids
                : IntStream.concat(
                                IntStream.of(ids),
                                IntStream.of(config.eosTokenIds().getFirst()))
                        .toArray();
    }
}
