package dev.fewbit.model.architecture;

/**
 * A linear of the decoder, as the checkpoint names it.
 *
 * @param name of its weight
 * @param n outputs
 * @param k inputs
 */
public record LinearShape(String name, int n, int k) {}
