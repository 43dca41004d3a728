package dev.fewbit.model.decoder;

import java.util.Optional;

/**
 * A linear of the decoder: {@code y = x W' + b}.
 *
 * @param weight name of {@code W [n, k]}
 * @param bias name of {@code b [n]}, where it has one
 * @param n outputs
 * @param k inputs
 */
public record LinearSpec(String weight, Optional<String> bias, int n, int k) {
    /** Weights, without the bias. */
    public long weights() {
        return (long) n * k;
    }
}
