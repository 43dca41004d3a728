package dev.fewbit.quantizer.calibration;

import dev.fewbit.contracts.recipe.CalibrationSpec;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.tokenizer.Tokenizer;
import dev.fewbit.quantizer.QuantizationException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Cuts the windows that a recipe asks for. Documents are shuffled by the seed, tokenized with the checkpoint's tokenizer (which puts a
 * BOS in front of each where it is made so), ended by the checkpoint's EOS, joined, and cut one window behind the other. The set
 * {@code random} draws every id uniformly from the vocabulary.
 */
public final class CalibrationWindows {
    private static final String CODE_TEXT = "reference-model/texts/calibration-code.jsonl.gz";

    private final Path root;

    /** @param root the installation's, where relative paths start */
    public CalibrationWindows(Path root) {
        this.root = root;
    }

    /**
     * The windows of {@code spec} for {@code checkpoint}.
     *
     * @throws QuantizationException when the text cannot be read or is too short, or a window is longer than the model's context
     */
    public TokenWindows of(CalibrationSpec spec, Checkpoint checkpoint) {
        ModelConfig config = checkpoint.config();
        if (spec.length() > config.maxPositionEmbeddings()) {
            throw new QuantizationException("calibration.length is " + spec.length() + "; allowed: up to "
                    + config.maxPositionEmbeddings() + ", the longest sequence of " + checkpoint.directory());
        }
        if (CalibrationSpec.RANDOM.equals(spec.set())) {
            SplittableRandom random = new SplittableRandom(spec.seed());
            return new TokenWindows(IntStream.range(0, spec.sequences())
                    .mapToObj(i ->
                            random.ints(spec.length(), 0, config.vocabSize()).toArray())
                    .toArray(int[][]::new));
        }
        Path file = root.resolve(spec.file() == null ? CODE_TEXT : spec.file());
        try (Tokenizer tokenizer = Tokenizer.open(checkpoint.directory())) {
            return cut(spec, file, tokenizer, config);
        }
    }

    private static TokenWindows cut(CalibrationSpec spec, Path file, Tokenizer tokenizer, ModelConfig config) {
        List<String> texts = new ArrayList<>(TextDocuments.read(file));
        // Its algorithm is specified to the bit, which is what a seed is worth.
        Collections.shuffle(texts, new Random(spec.seed()));
        int wanted = Math.multiplyExact(spec.sequences(), spec.length());
        int[] stream = new int[wanted];
        int filled = 0;
        for (String text : texts) {
            for (int id : ended(tokenizer.encode(text), config)) {
                if (id >= config.vocabSize()) {
                    throw new QuantizationException(file + ": has token id " + id + "; the model's vocabulary ends at "
                            + (config.vocabSize() - 1));
                }
                if (filled < wanted) {
                    stream[filled++] = id;
                }
            }
            if (filled == wanted) {
                break;
            }
        }
        if (filled < wanted) {
            throw new QuantizationException(
                    "%s: has %d tokens; calibration of %d sequences of %d needs %d: fewer or shorter sequences, or more text"
                            .formatted(file, filled, spec.sequences(), spec.length(), wanted));
        }
        return new TokenWindows(IntStream.range(0, spec.sequences())
                .mapToObj(i -> Arrays.copyOfRange(stream, i * spec.length(), (i + 1) * spec.length()))
                .toArray(int[][]::new));
    }

    /** A document's ids with the EOS behind, where the model has one. */
    private static int[] ended(int[] ids, ModelConfig config) {
        return config.eosTokenIds().isEmpty()
                ? ids
                : IntStream.concat(
                                IntStream.of(ids),
                                IntStream.of(config.eosTokenIds().getFirst()))
                        .toArray();
    }
}
