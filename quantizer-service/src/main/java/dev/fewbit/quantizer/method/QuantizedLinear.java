package dev.fewbit.quantizer.method;

import dev.fewbit.model.architecture.LinearWeight;

/**
 * A mapped weight.
 *
 * @param weight what is stored
 * @param relativeError {@code ||W' - W|| / ||W||} (Frobenius) of the weights that the stored form stands for; 0 for a weight of zeros
 */
public record QuantizedLinear(LinearWeight weight, double relativeError) {}
