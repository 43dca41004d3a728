package dev.fewbit.quantizer.streams;

import dev.fewbit.quantizer.matrix.Matrix;

/**
 * Sums over all tokens of what linears read: with the inputs {@code S [tokens, k]} through quantized layers, {@code T} through the original
 * ones, the residual streams {@code s} and {@code t [tokens, hidden]} beside them, and {@code D} the weights of tokens.
 *
 * @param products {@code S'DS [k, k]}
 * @param deviation {@code (T - S)'DS [k, k]}; {@code null} without an original stream
 * @param residual {@code (t - s)'DS [hidden, k]}; {@code null} where it was not asked for
 * @param magnitudes mean of {@code |S|} of each column, {@code [k]}; {@code null} where it was not asked for
 */
public record InputSums(Matrix products, Matrix deviation, Matrix residual, float[] magnitudes) {}
