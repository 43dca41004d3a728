package dev.fewbit.quantizer.method;

import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import dev.fewbit.quantizer.matrix.Products.Block;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Searches the factors of awq for linears {@code W [n, k]} that share their inputs {@code X [tokens, k]}: columns whose inputs are large
 * are made larger before rounding, so that they are hit less by it. With {@code m = mean |x|} of each column:
 *
 * <pre>
 * s = m^a / sqrt(max(m^a) min(m^a))     a = 0, 1/20 .. 1
 * loss = sum over the linears of ||(round(W diag(s)) diag(1/s) - W) X'||^2 = tr(E H E')     H = X'X
 * </pre>
 *
 * The least loss wins, the smaller {@code a} among equals; {@code a = 0} is plain rounding.
 *
 * @see <a href="https://arxiv.org/abs/2306.00978">Lin et al. 2023 (AWQ), section 3.2</a>; their code takes {@code a} below 1 only and measures
 *     the loss of q, k, v behind attention and of gate, up behind the MLP, which {@code H} cannot tell
 */
final class ActivationScales {
    private static final int GRID = 20;
    /** As in the authors' code: an input that is hardly ever there is not divided by nothing. */
    private static final double LEAST = 1e-4;

    private ActivationScales() {}

    /**
     * A linear that takes part.
     *
     * @param name for messages
     * @param weight {@code [n, k]}
     */
    record Part(String name, Matrix weight, BlockGrid grid) {}

    /**
     * The factors that lose least.
     *
     * @param exponent {@code a}
     * @param factors {@code [k]}, as {@code realizable} made them
     * @param loss of all parts together
     */
    record Choice(double exponent, float[] factors, double loss) {}

    /**
     * Searches.
     *
     * @param hessian {@code [k, k]}
     * @param magnitudes {@code m [k]}
     * @param realizable maps wanted factors to those that can be folded
     */
    static Choice search(List<Part> parts, Matrix hessian, float[] magnitudes, UnaryOperator<float[]> realizable) {
        float[][] candidates = new float[GRID + 1][];
        for (int i = 0; i <= GRID; i++) {
            candidates[i] = realizable.apply(factors(magnitudes, (double) i / GRID));
        }
        double[] losses = new double[candidates.length];
        for (Part part : parts) {
            // Tiles in parallel, sums in their order: the number of threads does not show.
            Products.tiles(part.weight().rows())
                    .mapToObj(first -> losses(part, first, hessian, candidates))
                    .toList()
                    .forEach(tile -> {
                        for (int i = 0; i < losses.length; i++) {
                            losses[i] += tile[i];
                        }
                    });
        }
        int best = 0;
        for (int i = 1; i < losses.length; i++) {
            if (losses[i] < losses[best]) {
                best = i;
            }
        }
        return new Choice((double) best / GRID, candidates[best], losses[best]);
    }

    /** {@code s} for an exponent. */
    static float[] factors(float[] magnitudes, double exponent) {
        double[] powers = new double[magnitudes.length];
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        for (int i = 0; i < powers.length; i++) {
            // Strict: the same on every processor.
            powers[i] = Math.max(StrictMath.pow(magnitudes[i], exponent), LEAST);
            least = Math.min(least, powers[i]);
            most = Math.max(most, powers[i]);
        }
        double middle = Math.sqrt(least * most);
        float[] factors = new float[powers.length];
        for (int i = 0; i < powers.length; i++) {
            factors[i] = (float) (powers[i] / middle);
        }
        return factors;
    }

    /** What each candidate loses in the rows of a tile. */
    private static double[] losses(Part part, int first, Matrix hessian, float[][] candidates) {
        int rows = Products.tileRows(first, part.weight().rows());
        int k = part.weight().columns();
        double[] losses = new double[candidates.length];
        try (Arena arena = Arena.ofConfined()) {
            Matrix errors = Matrix.allocate(arena, rows, k);
            Matrix weighted = Matrix.allocate(arena, rows, k);
            for (int candidate = 0; candidate < candidates.length; candidate++) {
                float[] factors = candidates[candidate];
                for (int row = 0; row < rows; row++) {
                    float[] original = part.weight().row(first + row);
                    float[] scaled = new float[k];
                    for (int i = 0; i < k; i++) {
                        scaled[i] = original[i] * factors[i];
                    }
                    float[] error = part.grid().nearest(part.name(), scaled);
                    for (int i = 0; i < k; i++) {
                        error[i] = error[i] / factors[i] - original[i];
                    }
                    errors.setRow(row, error);
                }
                Products.times(
                        rows, k, k, 1, new Block(errors, 0, 0), new Block(hessian, 0, 0), 0, new Block(weighted, 0, 0));
                for (int row = 0; row < rows; row++) {
                    float[] e = errors.row(row);
                    float[] w = weighted.row(row);
                    for (int i = 0; i < k; i++) {
                        losses[candidate] += (double) e[i] * w[i];
                    }
                }
            }
        }
        return losses;
    }
}
