package dev.fewbit.quantizer.method;

import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.decoder.Architecture;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.forward.TokenEmbedding;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.streams.WindowEmbedding;
import java.lang.foreign.Arena;

/** What the first layer reads. */
final class EmbeddedWindows {
    private EmbeddedWindows() {}

    /** As the checkpoint's embedding gives it. */
    static WindowEmbedding original(Checkpoint checkpoint, TokenWindows tokens) {
        TokenEmbedding embedding = TokenEmbedding.of(checkpoint);
        return (window, x) -> embedding.embed(tokens.ids()[window], x);
    }

    /** As the artifact's embedding will give it. */
    static WindowEmbedding quantized(Checkpoint checkpoint, TokenWindows tokens, Recipe recipe) {
        if (recipe.embeddingBits() == Recipe.BASELINE_BITS) {
            return original(checkpoint, tokens);
        }
        BlockQuantizedWeight weight = (BlockQuantizedWeight) QuantizationMethod.embedding(recipe)
                .apply(checkpoint.tensor(Architecture.EMBEDDING))
                .weight();
        // The table is held as long as the embedding is.
        TokenEmbedding embedding = TokenEmbedding.of(checkpoint).with(Matrix.of(Arena.ofAuto(), weight));
        return (window, x) -> embedding.embed(tokens.ids()[window], x);
    }
}
