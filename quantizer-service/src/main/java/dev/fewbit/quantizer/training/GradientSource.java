package dev.fewbit.quantizer.training;

import dev.fewbit.quantizer.matrix.Matrix;

/** What a stack of layers reads, and the gradient that goes back through it, window by window; called from many threads. */
interface GradientSource {
    /** Fills {@code x [length, hidden]} with the residual stream in front of the first layer. */
    void input(int window, Matrix x);

    /**
     * {@code x}, the residual stream behind the last layer, becomes the gradient of {@code weight} times the loss.
     *
     * @return the loss, summed over positions
     */
    double gradient(int window, Matrix x, float weight);
}
