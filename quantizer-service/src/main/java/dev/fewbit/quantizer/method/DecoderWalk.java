package dev.fewbit.quantizer.method;

/** Quantizes a decoder layer by layer, each on inputs that come through those before it. */
sealed interface DecoderWalk extends AutoCloseable permits LayerWalk, ActivationAwareWalk {

    /** Quantizes the next layer. */
    LayerResult next();

    @Override
    void close();
}
