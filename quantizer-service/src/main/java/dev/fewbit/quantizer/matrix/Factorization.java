package dev.fewbit.quantizer.matrix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The Cholesky factor of a symmetric positive definite matrix {@code [n, n]}, in fp64 (LAPACK {@code dpotrf}): {@code 8 n^2} bytes.
 *
 * <p>LAPACK reads columns where we hold rows; of a symmetric matrix that is the same, and a lower factor read so is an upper one held so.
 */
public final class Factorization implements FactoredMatrix {
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE;

    private final Arena arena;
    private final int n;
    private final MemorySegment factor;

    private Factorization(Arena arena, int n, MemorySegment factor) {
        this.arena = arena;
        this.n = n;
        this.factor = factor;
    }

    /**
     * Factors {@code matrix + damping * I}; empty when that is not positive definite.
     *
     * @param arena holds what is computed
     * @param matrix symmetric
     */
    public static Optional<Factorization> of(Arena arena, Matrix matrix, double damping) {
        int n = matrix.rows();
        MemorySegment values = damped(arena, matrix, damping);
        return triangular(OpenBlas.get().dpotrf, n, values)
                ? Optional.of(new Factorization(arena, n, values))
                : Optional.empty();
    }

    /**
     * The same as {@link #inverseUpper()} of {@code matrix + damping * I} where the factor itself is not needed: {@code 8 n^2} bytes besides
     * the result while it is computed, none afterwards. Empty when one of the two is not positive definite.
     *
     * @param arena holds the result
     * @param matrix symmetric
     */
    public static Optional<Matrix> inverseUpper(Arena arena, Matrix matrix, double damping) {
        int n = matrix.rows();
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment values = damped(scratch, matrix, damping);
            return triangular(OpenBlas.get().dpotrf, n, values) ? inverseUpper(arena, n, values) : Optional.empty();
        }
    }

    /** {@inheritDoc} While it is computed, a second matrix of the factor's size is in memory. */
    @Override
    public Optional<Matrix> inverseUpper() {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment inverse = scratch.allocate(factor.byteSize(), DOUBLE.byteSize());
            inverse.copyFrom(factor);
            return inverseUpper(arena, n, inverse);
        }
    }

    private static MemorySegment damped(Arena arena, Matrix matrix, double damping) {
        int n = matrix.rows();
        MemorySegment values = arena.allocate(DOUBLE, (long) n * n);
        for (int i = 0; i < n; i++) {
            float[] row = matrix.row(i);
            for (int j = 0; j < n; j++) {
                values.setAtIndex(DOUBLE, (long) i * n + j, row[j] + (i == j ? damping : 0));
            }
        }
        return values;
    }

    /** @param inverse the factor; is overwritten */
    private static Optional<Matrix> inverseUpper(Arena arena, int n, MemorySegment inverse) {
        if (!triangular(OpenBlas.get().dpotri, n, inverse) || !triangular(OpenBlas.get().dpotrf, n, inverse)) {
            return Optional.empty();
        }
        Matrix upper = Matrix.allocate(arena, n, n);
        for (int i = 0; i < n; i++) {
            float[] row = new float[n];
            for (int j = i; j < n; j++) {
                row[j] = (float) inverse.getAtIndex(DOUBLE, (long) i * n + j);
            }
            upper.setRow(i, row);
        }
        return Optional.of(upper);
    }

    @Override
    public void solveRows(Matrix rows) {
        try (Arena scratch = Arena.ofConfined()) {
            long elements = (long) rows.rows() * n;
            MemorySegment right = scratch.allocate(DOUBLE, elements);
            for (int i = 0; i < rows.rows(); i++) {
                float[] row = rows.row(i);
                for (int j = 0; j < n; j++) {
                    right.setAtIndex(DOUBLE, (long) i * n + j, row[j]);
                }
            }
            MemorySegment information = scratch.allocate(ValueLayout.JAVA_INT);
            MemorySegment size = scratch.allocateFrom(ValueLayout.JAVA_INT, n);
            OpenBlas.get()
                    .dpotrs
                    .invokeExact(
                            scratch.allocateFrom("L"),
                            size,
                            scratch.allocateFrom(ValueLayout.JAVA_INT, rows.rows()),
                            factor,
                            size,
                            right,
                            size,
                            information);
            for (int i = 0; i < rows.rows(); i++) {
                float[] row = new float[n];
                for (int j = 0; j < n; j++) {
                    row[j] = (float) right.getAtIndex(DOUBLE, (long) i * n + j);
                }
                rows.setRow(i, row);
            }
        } catch (Throwable e) {
            throw new IllegalStateException("dpotrs does not throw", e);
        }
    }

    private static boolean triangular(MethodHandle routine, int n, MemorySegment values) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment information = scratch.allocate(ValueLayout.JAVA_INT);
            MemorySegment size = scratch.allocateFrom(ValueLayout.JAVA_INT, n);
            routine.invokeExact(scratch.allocateFrom("L"), size, values, size, information);
            return information.get(ValueLayout.JAVA_INT, 0) == 0;
        } catch (Throwable e) {
            throw new IllegalStateException("LAPACK routines do not throw", e);
        }
    }
}
