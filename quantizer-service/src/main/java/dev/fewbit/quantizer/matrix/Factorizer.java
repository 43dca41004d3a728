package dev.fewbit.quantizer.matrix;

import java.lang.foreign.Arena;
import java.util.Optional;

/** Factors matrices: on the processor ({@link Factorization#of}) or where they came from. */
public interface Factorizer {

    /**
     * Factors {@code matrix + damping * I}; empty when that is not positive definite.
     *
     * @param arena holds what is computed
     * @param matrix symmetric
     */
    Optional<FactoredMatrix> factor(Arena arena, Matrix matrix, double damping);

    /**
     * {@link FactoredMatrix#inverseUpper} of {@code matrix + damping * I} where nothing else is asked of the factor.
     *
     * @param arena holds the result
     */
    default Optional<Matrix> inverseUpper(Arena arena, Matrix matrix, double damping) {
        return factor(arena, matrix, damping).flatMap(FactoredMatrix::inverseUpper);
    }

    /** On the processor. */
    static Factorizer onHost() {
        return new Factorizer() {
            @Override
            public Optional<FactoredMatrix> factor(Arena arena, Matrix matrix, double damping) {
                return Factorization.of(arena, matrix, damping).map(factored -> factored);
            }

            @Override
            public Optional<Matrix> inverseUpper(Arena arena, Matrix matrix, double damping) {
                return Factorization.inverseUpper(arena, matrix, damping);
            }
        };
    }
}
