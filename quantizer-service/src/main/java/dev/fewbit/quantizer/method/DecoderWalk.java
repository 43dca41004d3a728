package dev.fewbit.quantizer.method;

import dev.fewbit.quantizer.matrix.Matrix;
import java.util.List;

/**
 * Quantizes a decoder layer by layer, each on inputs that come through those before it. What it carries from one layer to the next is its
 * {@link #streams}: with them and the number of the layer another process can go on.
 */
sealed interface DecoderWalk extends AutoCloseable permits LayerWalk, ActivationAwareWalk {

    /** Quantizes the next layer. */
    LayerResult next();

    /** The residual streams in front of the next layer, {@code [tokens, hidden]} each; to be read or, for {@link #skipTo}, filled. */
    List<Matrix> streams();

    /** Goes on with {@code layer}, its streams filled by the caller. */
    void skipTo(int layer);

    @Override
    void close();
}
