package dev.fewbit.quantizer.streams;

import dev.fewbit.quantizer.matrix.Matrix;

/** What the first layer reads. */
@FunctionalInterface
public interface WindowEmbedding {

    /**
     * Embeds one window.
     *
     * @param window its number
     * @param x {@code [length, hidden]}, to be filled
     */
    void embed(int window, Matrix x);
}
