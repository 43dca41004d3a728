package dev.fewbit.quantizer.fidelity;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.tokenizer.Tokenizer;
import dev.fewbit.quantizer.calibration.TextDocument;
import dev.fewbit.quantizer.calibration.TextDocuments;
import dev.fewbit.quantizer.calibration.TokenWindows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A text that fidelity is measured on: its documents in its order until there are 32,768 tokens to predict. Each stands alone, with the BOS
 * that the tokenizer puts in front of it and an EOS behind, cut at the model's longest sequence.
 *
 * @param file it came from
 * @param documents that are measured on
 * @param ids of each document
 */
public record HeldOutText(Path file, List<TextDocument> documents, List<int[]> ids) {
    private static final int TOKENS = 32_768;

    public HeldOutText {
        documents = List.copyOf(documents);
        ids = List.copyOf(ids);
    }

    static HeldOutText read(Path file, Tokenizer tokenizer, ModelConfig config) {
        List<TextDocument> documents = new ArrayList<>();
        List<int[]> ids = new ArrayList<>();
        int tokens = 0;
        for (TextDocument document : TextDocuments.read(file)) {
            int[] sequence = IntStream.concat(
                            IntStream.of(tokenizer.encode(document.text())),
                            config.eosTokenIds().stream().limit(1).mapToInt(Integer::intValue))
                    .limit(config.maxPositionEmbeddings())
                    .toArray();
            // A lone token has nothing behind it to predict.
            if (sequence.length > 1) {
                documents.add(document);
                ids.add(sequence);
                tokens += sequence.length - 1;
            }
            if (tokens >= TOKENS) {
                break;
            }
        }
        return new HeldOutText(file, documents, ids);
    }

    /** SHA-256 of the token ids, as of {@link TokenWindows}. */
    public String digest() {
        return new TokenWindows(ids.toArray(int[][]::new)).digest();
    }
}
