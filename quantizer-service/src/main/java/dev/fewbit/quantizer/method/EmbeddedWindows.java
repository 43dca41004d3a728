package dev.fewbit.quantizer.method;

import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.decoder.Architecture;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.forward.DecoderForward;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;

/** The residual stream in front of the first layer, {@code [tokens, hidden]}, one window behind the other. */
final class EmbeddedWindows {
    private EmbeddedWindows() {}

    /** As the checkpoint's embedding gives it. */
    static Matrix original(Arena arena, Checkpoint checkpoint, TokenWindows tokens) {
        return DecoderForward.embed(arena, checkpoint, tokens.flat());
    }

    /** As the artifact's embedding will give it. */
    static Matrix quantized(Arena arena, Checkpoint checkpoint, TokenWindows tokens, Recipe recipe) {
        if (recipe.embeddingBits() == Recipe.BASELINE_BITS) {
            return original(arena, checkpoint, tokens);
        }
        try (Arena scratch = Arena.ofShared()) {
            BlockQuantizedWeight weight = (BlockQuantizedWeight) QuantizationMethod.embedding(recipe)
                    .apply(checkpoint.tensor(Architecture.EMBEDDING))
                    .weight();
            Matrix table = Matrix.of(scratch, weight);
            int[] ids = tokens.flat();
            Matrix stream = Matrix.allocate(arena, ids.length, weight.k());
            for (int i = 0; i < ids.length; i++) {
                stream.setRow(i, table.row(ids[i]));
            }
            return stream;
        }
    }
}
