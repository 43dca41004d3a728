package dev.fewbit.quantizer.training;

import dev.fewbit.quantizer.matrix.Matrix;

/** What a stack of layers reads and what its result is held against, window by window; called from many threads. */
interface Objective {
    /** Fills {@code x [length, hidden]} with the residual stream in front of the first layer. */
    void input(int window, Matrix x);

    /** The loss, summed over positions, of the residual stream {@code x} behind the last layer. */
    double loss(int window, Matrix x);

    /** The same; {@code x} becomes the gradient of {@code weight} times it. */
    double gradient(int window, Matrix x, float weight);
}
