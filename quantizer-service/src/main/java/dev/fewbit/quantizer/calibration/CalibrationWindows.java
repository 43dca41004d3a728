package dev.fewbit.quantizer.calibration;

import dev.fewbit.contracts.recipe.CalibrationSpec;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.tokenizer.Tokenizer;
import dev.fewbit.quantizer.QuantizationException;
import java.nio.file.Path;

/**
 * Draws the windows that a recipe asks for, tokenized with the checkpoint's tokenizer, which puts a BOS in front of each document where
 * it is made so. As in the study, {@code random} draws windows of prose at random with replacement, {@code code} takes the beginnings of
 * code documents, and {@code mixed} is half prose and half code, prose first. The study's mixed prose is the beginnings of posts; ours is
 * drawn as for {@code random}. Files and folders are drawn from as code is. See {@link WindowDrawing}.
 */
public final class CalibrationWindows {
    private static final String CODE_TEXT = "reference-model/texts/calibration-code.jsonl.gz";
    private static final String PROSE_TEXT = "reference-model/texts/calibration-text.jsonl.gz";

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
    public Calibration draw(CalibrationSpec spec, Checkpoint checkpoint) {
        ModelConfig config = checkpoint.config();
        if (spec.length() > config.maxPositionEmbeddings()) {
            throw new QuantizationException("calibration.length is " + spec.length() + "; allowed: up to "
                    + config.maxPositionEmbeddings() + ", the longest sequence of " + checkpoint.directory());
        }
        try (Tokenizer tokenizer = Tokenizer.open(checkpoint.directory())) {
            WindowDrawing drawing = new WindowDrawing(tokenizer, config, spec.length(), spec.seed());
            int prose = spec.set() == null
                    ? 0
                    : switch (spec.set()) {
                        case CalibrationSpec.RANDOM -> spec.sequences();
                        case CalibrationSpec.MIXED -> spec.sequences() / 2;
                        default -> 0;
                    };
            if (prose > 0) {
                Path text = root.resolve(PROSE_TEXT);
                drawing.random(text.toString(), TextDocuments.read(text), prose);
            }
            if (prose < spec.sequences()) {
                Path text = root.resolve(spec.file() == null ? CODE_TEXT : spec.file());
                drawing.first(text.toString(), TextDocuments.read(text), spec.sequences() - prose);
            }
            return new Calibration(spec, drawing.windows(), bos(tokenizer), drawing.used());
        }
    }

    /** What the tokenizer puts in front of a text: the first id that is there with special tokens and not without. */
    private static Integer bos(Tokenizer tokenizer) {
        int[] alone = tokenizer.encodeWithoutSpecialTokens("a");
        int[] whole = tokenizer.encode("a");
        return whole.length > alone.length && (alone.length == 0 || whole[0] != alone[0])
                ? Integer.valueOf(whole[0])
                : null;
    }
}
