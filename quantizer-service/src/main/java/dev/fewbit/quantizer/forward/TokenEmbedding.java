package dev.fewbit.quantizer.forward;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.model.decoder.Architecture;
import dev.fewbit.model.decoder.Positions;
import dev.fewbit.quantizer.matrix.Matrix;
import java.util.function.IntFunction;

/** What the first layer reads: rows of the embedding, multiplied, with learned positions added where a decoder has them. */
public final class TokenEmbedding {
    private final IntFunction<float[]> rows;
    private final float multiplier;
    /** Vector of a position; {@code null} without learned positions. */
    private final IntFunction<float[]> positions;

    private TokenEmbedding(IntFunction<float[]> rows, float multiplier, IntFunction<float[]> positions) {
        this.rows = rows;
        this.multiplier = multiplier;
        this.positions = positions;
    }

    /** The embedding of a checkpoint, which stays open as long as it is used. */
    public static TokenEmbedding of(Checkpoint checkpoint) {
        int hidden = checkpoint.config().hiddenSize();
        IntFunction<float[]> positions =
                checkpoint.config().decoder().positions() instanceof Positions.Learned(String weight, int count)
                        ? rows(checkpoint.tensor(weight), hidden)
                        : null;
        return new TokenEmbedding(
                rows(checkpoint.tensor(Architecture.EMBEDDING), hidden),
                (float) checkpoint.config().decoder().embeddingMultiplier(),
                positions);
    }

    /** The same with another table {@code [vocabulary, hidden]}. */
    public TokenEmbedding with(Matrix table) {
        return new TokenEmbedding(table::row, multiplier, positions);
    }

    /** One sequence, from position 0 on, into {@code x [ids.length, hidden]}. */
    public void embed(int[] ids, Matrix x) {
        for (int i = 0; i < ids.length; i++) {
            float[] row = rows.apply(ids[i]);
            if (multiplier != 1) {
                for (int j = 0; j < row.length; j++) {
                    row[j] *= multiplier;
                }
            }
            if (positions != null) {
                float[] position = positions.apply(i);
                for (int j = 0; j < row.length; j++) {
                    row[j] += position[j];
                }
            }
            x.setRow(i, row);
        }
    }

    private static IntFunction<float[]> rows(Tensor table, int hidden) {
        return row -> table.toFloats((long) row * hidden, hidden);
    }
}
