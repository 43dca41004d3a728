package dev.fewbit.quantizer.training;

import dev.fewbit.quantizer.matrix.Matrix;

/** What the result of a stack of layers is held against, window by window; called from many threads. */
interface Objective extends GradientSource {
    /** The loss, summed over positions, of the residual stream {@code x} behind the last layer. */
    double loss(int window, Matrix x);
}
