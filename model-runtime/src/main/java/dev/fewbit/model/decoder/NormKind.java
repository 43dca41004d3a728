package dev.fewbit.model.decoder;

/** How a norm scales its input, before gains and bias. */
public enum NormKind {
    /** {@code x / sqrt(mean(x^2) + epsilon)}. */
    RMS,
    /** {@code (x - mean(x)) / sqrt(variance(x) + epsilon)}. */
    LAYER
}
