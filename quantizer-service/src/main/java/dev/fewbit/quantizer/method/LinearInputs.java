package dev.fewbit.quantizer.method;

import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.matrix.FactoredMatrix;
import dev.fewbit.quantizer.matrix.Factorizer;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.streams.InputSums;
import java.lang.foreign.Arena;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What calibration knows of the inputs of a linear. With the inputs {@code S [tokens, k]} that come through the layers already
 * quantized, {@code T} that come through the original ones, and the residual streams {@code s} and {@code t [tokens, n]} beside them:
 *
 * <pre>
 * hessian = S'DS + damping I   deviation = (T - S)'DS   residual = (t - s)'DS
 * </pre>
 *
 * with {@code D} the weights of tokens, or {@code I}. The damping is a share of the mean of the diagonal; where rounding leaves
 * the sum indefinite, ten times that, and so on.
 *
 * <p>In memory for linears {@code W [n, k]} that share their inputs, all off the heap, fp64 counted as two:
 *
 * <pre>
 *             gptq                          gptq+
 * [k, k]      hessian, U: 2                 hessian, deviation, factor (2), U: 5
 *             while factored: 4             while factored: 7 (the inverse, 2)
 * [n, n]      none                          metric, coupling, V: 3; while factored: 4
 * [n, k]      W, W', remaining: 3           W, W', target, gaps, gradients, residual: 6; while solved: 6 (fp64 right sides, 2)
 * [tokens, k] inputs: 1, and of 16 windows those weighted and through the original layers
 * </pre>
 *
 * with {@code act_order} two more {@code [k, k]}, four while factored; codes are a byte each, on the heap.
 */
final class LinearInputs {
    private static final int TRIES = 5;
    private static final double RAISE = 10;

    private final Matrix hessian;
    private final Matrix deviation;
    private final Matrix residual;
    private final Factorizer factorizer;
    /** {@code null} without a deviation: only a target is solved for. */
    private final FactoredMatrix factorization;

    private final Matrix inverseUpper;

    private LinearInputs(
            Matrix hessian,
            Matrix deviation,
            Matrix residual,
            Factorizer factorizer,
            FactoredMatrix factorization,
            Matrix inverseUpper) {
        this.factorizer = factorizer;
        this.hessian = hessian;
        this.deviation = deviation;
        this.residual = residual;
        this.factorization = factorization;
        this.inverseUpper = inverseUpper;
    }

    /**
     * Factors the sums.
     *
     * @param name of the linear, for messages
     * @param sums the damping is added to their products
     * @param factorizer factors them
     * @param share of the mean of the diagonal that the damping begins with
     * @param notes is told when the damping had to be raised
     * @throws QuantizationException when no damping makes the Hessian positive definite
     */
    static LinearInputs of(
            Arena arena, String name, InputSums sums, Factorizer factorizer, double share, Consumer<String> notes) {
        Matrix products = sums.products();
        Matrix deviation = sums.deviation();
        int k = products.rows();
        double mean = 0;
        for (int i = 0; i < k; i++) {
            mean += products.get(i, i) / (double) k;
        }
        // Inputs that are always zero leave nothing to weigh by: any damping serves.
        double damping = mean == 0 ? 1 : share * mean;
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            Optional<FactoredMatrix> factorization =
                    deviation == null ? Optional.empty() : factorizer.factor(arena, products, damping);
            Optional<Matrix> upper = deviation == null
                    ? factorizer.inverseUpper(arena, products, damping)
                    : factorization.flatMap(FactoredMatrix::inverseUpper);
            if (upper.isPresent()) {
                for (int i = 0; i < k; i++) {
                    products.set(i, i, (float) (products.get(i, i) + damping));
                }
                return new LinearInputs(
                        products, deviation, sums.residual(), factorizer, factorization.orElse(null), upper.get());
            }
            damping *= RAISE;
            if (attempt < TRIES) {
                notes.accept(String.format(
                        Locale.ROOT,
                        "%s: the Hessian is not positive definite; damping is raised to %.3g times the mean of its diagonal",
                        name,
                        mean == 0 ? damping : damping / mean));
            }
        }
        throw new QuantizationException(name + ": the Hessian of its inputs is not positive definite, " + TRIES
                + " times with ten times the damping: are the checkpoint's activations finite?");
    }

    /** Damped, {@code [k, k]}. */
    Matrix hessian() {
        return hessian;
    }

    /**
     * {@code U} of {@code hessian^-1 = U'U}, upper triangular, rows and columns in an order.
     *
     * @param arena holds it where the order is not that of storage
     */
    Matrix inverseUpper(Arena arena, ColumnOrder order) {
        if (order.isStored()) {
            return inverseUpper;
        }
        Matrix arranged = Matrix.allocate(arena, hessian.rows(), hessian.rows());
        order.arrange(hessian, arranged, true);
        return factorizer
                .inverseUpper(arena, arranged, 0)
                .orElseThrow(() -> new IllegalStateException("a permuted Hessian is as definite as the Hessian"));
    }

    /**
     * The weight whose outputs on {@code S} come nearest to the original's on {@code T}, and to the residual stream's repair where that
     * is known: {@code W + [W (T - S)'DS + (t - s)'DS] hessian^-1}.
     *
     * @see <a href="https://arxiv.org/abs/2504.02692">Li et al. 2025 (GPTAQ)</a>, who correct for the same asymmetry while rounding
     */
    Matrix target(Arena arena, Matrix weight) {
        Matrix correction = Matrix.allocate(arena, weight.rows(), weight.columns());
        factorization.times(weight, deviation, correction);
        if (residual != null) {
            add(correction, residual);
        }
        factorization.solveRows(correction);
        add(correction, weight);
        return correction;
    }

    private static void add(Matrix sum, Matrix other) {
        for (int row = 0; row < sum.rows(); row++) {
            float[] values = sum.row(row);
            float[] more = other.row(row);
            for (int i = 0; i < values.length; i++) {
                values[i] += more[i];
            }
            sum.setRow(row, values);
        }
    }
}
