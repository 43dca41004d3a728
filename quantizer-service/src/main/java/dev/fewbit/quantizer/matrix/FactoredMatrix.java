package dev.fewbit.quantizer.matrix;

import java.util.Optional;

/** A symmetric positive definite matrix {@code H [n, n]}, factored in fp64. */
public interface FactoredMatrix {

    /**
     * {@code U} of {@code H^-1 = U^T U}, upper triangular, row-major: what GPTQ walks along. Empty when rounding made the inverse
     * indefinite.
     */
    Optional<Matrix> inverseUpper();

    /** Replaces each row {@code r} by {@code H^-1 r}. */
    void solveRows(Matrix rows);

    /** {@code a b}, {@code [m, k]} times {@code [k, n]}, where the matrix is. */
    default void times(Matrix a, Matrix b, Matrix output) {
        Products.times(a, b, output);
    }
}
