package dev.fewbit.quantizer.matrix;

import java.lang.foreign.Arena;
import java.util.Optional;

/** Factors matrices: on the processor ({@link Factorization#of}) or where they came from. */
@FunctionalInterface
public interface Factorizer {

    /**
     * Factors {@code matrix + damping * I}; empty when that is not positive definite.
     *
     * @param arena holds what is computed
     * @param matrix symmetric
     */
    Optional<FactoredMatrix> factor(Arena arena, Matrix matrix, double damping);

    /** On the processor. */
    static Factorizer onHost() {
        return (arena, matrix, damping) ->
                Factorization.of(arena, matrix, damping).map(factored -> factored);
    }
}
