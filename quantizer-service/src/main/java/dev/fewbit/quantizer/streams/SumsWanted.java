package dev.fewbit.quantizer.streams;

/**
 * Which sums are wanted beside {@code S'DS}.
 *
 * @param residual whether the difference of the streams is summed, where linears add to them
 * @param magnitudes whether the mean of {@code |x|} of each column is taken
 * @param tokenWeights {@code [tokens]}, windows one behind the other; {@code null} for all the same
 */
public record SumsWanted(boolean residual, boolean magnitudes, float[] tokenWeights) {}
