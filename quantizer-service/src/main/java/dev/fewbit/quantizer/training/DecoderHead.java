package dev.fewbit.quantizer.training;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.decoder.Architecture;
import dev.fewbit.quantizer.forward.DecoderForward;
import dev.fewbit.quantizer.forward.DecoderLayer;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import java.lang.foreign.Arena;

/**
 * What stands behind the last layer of a 16-bit model, last norm and head, forward and back.
 *
 * @param weight of the head, {@code [vocabulary, hidden]}
 * @param gains of the last norm, {@code [hidden]}
 * @param epsilon of the last norm
 * @param layer whose norm it is
 */
record DecoderHead(Matrix weight, float[] gains, double epsilon, DecoderLayer layer) {

    /**
     * Reads it.
     *
     * @param arena holds the widened weight
     * @param length of the longest window
     */
    static DecoderHead of(Arena arena, Checkpoint checkpoint, int length) {
        boolean tied = checkpoint.config().tieWordEmbeddings();
        return new DecoderHead(
                Matrix.of(arena, checkpoint.tensor(tied ? Architecture.EMBEDDING : Architecture.HEAD)),
                checkpoint.tensor(DecoderForward.LAST_NORM).toFloats(),
                checkpoint.config().rmsNormEps(),
                new DecoderLayer(checkpoint.config(), length));
    }

    /** {@code x [tokens, hidden]}, normed; {@code output} may be {@code x}. */
    void norm(Matrix x, Matrix output) {
        layer.norm(x, gains, output);
    }

    /** Logits {@code [tokens, vocabulary]} of what was normed. */
    Matrix logits(Arena arena, Matrix normed) {
        Matrix logits = Matrix.allocate(arena, normed.rows(), weight.rows());
        Products.linear(normed, weight, logits, 0);
        return logits;
    }

    /** Logits of the residual stream {@code x [tokens, hidden]} behind the last layer. */
    Matrix logitsBehind(Arena arena, Matrix x) {
        Matrix normed = Matrix.allocate(arena, x.rows(), x.columns());
        norm(x, normed);
        return logits(arena, normed);
    }

    /** The residual stream {@code x} behind the last layer becomes the gradient by it, given that by its logits. */
    void back(Matrix logitGradient, Matrix x) {
        try (Arena scratch = Arena.ofConfined()) {
            Matrix normed = Matrix.allocate(scratch, x.rows(), x.columns());
            LayerPass.back(logitGradient, weight, normed, 0);
            Matrix stream = x.copy(scratch);
            x.data().fill((byte) 0);
            NormGradient.add(stream, gains, epsilon, normed, x);
        }
    }
}
