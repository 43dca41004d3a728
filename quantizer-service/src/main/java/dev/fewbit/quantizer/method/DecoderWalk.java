package dev.fewbit.quantizer.method;

import dev.fewbit.quantizer.streams.CalibrationStreams;

/**
 * Quantizes a decoder layer by layer, each on inputs that come through those before it. What it carries from one layer to the next is its
 * {@link #streams}: with them and the number of the layer another process can go on.
 */
sealed interface DecoderWalk extends AutoCloseable permits LayerWalk, ActivationAwareWalk {

    /** Quantizes the next layer. */
    LayerResult next();

    /** In front of the next layer. */
    CalibrationStreams streams();

    /** Whether a layer's result is enough to go through it again, to the same streams. */
    boolean replays();

    /** Goes through the next layer with weights that are there already, where it {@link #replays}. */
    void replay(LayerResult result);

    /** Goes on with {@code layer}, its streams restored by the caller. */
    void skipTo(int layer);

    @Override
    void close();
}
