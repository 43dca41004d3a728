package dev.fewbit.quantizer.training.cuda;

import dev.fewbit.quantizer.cuda.DeviceMatrix;

/** What a stack of layers reads, and what its result is held against, for the windows of a group together. */
interface DeviceObjective {
    /**
     * Fills {@code x [windows * length, hidden]} with the residual stream in front of the first layer.
     *
     * @param windows numbers in device memory
     */
    void input(long windows, DeviceMatrix x);

    /**
     * The loss, summed over positions, of the residual stream {@code x} behind the last layer.
     *
     * @param weight where it is not 0, {@code x} becomes the gradient of {@code weight} times the loss
     */
    double loss(long windows, DeviceMatrix x, float weight);
}
