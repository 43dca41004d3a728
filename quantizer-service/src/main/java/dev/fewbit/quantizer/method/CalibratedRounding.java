package dev.fewbit.quantizer.method;

import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.contracts.recipe.StepsSpec;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.streams.RoundingTask;
import dev.fewbit.quantizer.streams.WeightRounding;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;

/**
 * What {@code gptq} and {@code gptq+} do to one linear: GPTQ, and with {@code gptq+} towards the full-precision outputs, with searched
 * ranges and along both sides of the weight, then four times (refit of the scales, descent over the codes), and a last refit.
 */
final class CalibratedRounding {
    private static final int ROUNDS = 4;

    /** Of the mean of a Hessian's diagonal; what few bits do to the inputs of later layers asks for more of it. */
    private static final double DAMPING = 0.01;

    private static final double DAMPING_OF_FEW_BITS = 0.05;
    private static final int FEW_BITS = 3;

    /** Columns whose spans are taken together at few bits, as the authors' code does at all. */
    private static final int COLUMNS = 128;

    /** Weighted sums rest on fewer tokens. */
    private static final double DAMPING_OF_WEIGHTED = 0.1;

    private final Recipe recipe;
    private final StepsSpec steps;

    /** @param recipe with method {@code gptq} or {@code gptq+} */
    CalibratedRounding(Recipe recipe) {
        this.recipe = recipe;
        steps = recipe.steps() == null ? StepsSpec.none() : recipe.steps();
    }

    Recipe recipe() {
        return recipe;
    }

    /** Whether the inputs through the original layers are needed too. */
    boolean needsTarget() {
        return steps.target();
    }

    /** Whether linears that add to the residual stream repair it. */
    boolean repairsResidual() {
        return steps.residual();
    }

    /** Whether tokens and outputs are weighted by what the 16-bit model's distribution minds. */
    boolean needsWeights() {
        return steps.weights();
    }

    /**
     * What a Hessian's damping begins with, as a share of the mean of its diagonal.
     *
     * @param weighted whether tokens have weights
     */
    double damping(boolean weighted) {
        if (weighted) {
            return DAMPING_OF_WEIGHTED;
        }
        return recipe.bits() <= FEW_BITS ? DAMPING_OF_FEW_BITS : DAMPING;
    }

    /**
     * Columns whose grids are chosen from the same weights. What errors of one block do to the span of the next one costs few bits more
     * than it helps; with more bits, and where grids are searched, each block is looked at as it is by then.
     */
    private int together() {
        return !steps.search() && recipe.bits() <= FEW_BITS ? COLUMNS : 1;
    }

    /** A linear, quantized. */
    record Rounded(QuantizedLinear linear, Matrix restored) {}

    /**
     * Quantizes one linear.
     *
     * @param arena holds the restored weight
     * @param name of the weight, for messages
     * @param weight {@code [n, k]}
     * @param outputs {@code [n, n]}, how errors of outputs count together; {@code null} for each on its own
     * @param engine rounds where outputs count on their own; empty for the processor
     */
    Rounded round(
            Arena arena,
            String name,
            Matrix weight,
            LinearInputs inputs,
            Matrix outputs,
            Optional<WeightRounding> engine) {
        try (Arena scratch = Arena.ofShared()) {
            Matrix target = steps.target() ? inputs.target(scratch, weight) : weight;
            int bits = recipe.bitsOf(name);
            BlockRange range = BlockRange.of(recipe, bits);
            OutputMetric metric =
                    outputs == null ? null : OutputMetric.of(scratch, outputs).orElse(null);
            BlockCodes codes = new BlockCodes(weight.rows(), weight.columns(), bits, recipe.blockSize());
            RangeSearch search = steps.search() ? new RangeSearch(range, bits) : null;
            ColumnOrder order = steps.actOrder()
                    ? ColumnOrder.largestFirst(inputs.hessian(), recipe.blockSize())
                    : ColumnOrder.stored(weight.columns());
            Matrix upper = inputs.inverseUpper(scratch, order);
            if (metric == null && engine.isPresent()) {
                engine.get().round(task(scratch, target, inputs.hessian(), upper, order, range, search), codes.grids());
                codes.requireFiniteScales(name);
            } else {
                new CompensatedRounding(name, range, search, metric, together()).round(target, upper, order, codes);
                improve(codes, new Refinement(target, inputs.hessian(), metric));
            }
            return new Rounded(
                    new QuantizedLinear(codes.packed(range.hasZeroPoints()), codes.relativeError(weight)),
                    codes.restored(arena));
        }
    }

    private RoundingTask task(
            Arena scratch,
            Matrix target,
            Matrix hessian,
            Matrix upper,
            ColumnOrder order,
            BlockRange range,
            RangeSearch search) {
        Matrix arranged = target;
        if (!order.isStored()) {
            arranged = Matrix.allocate(scratch, target.rows(), target.columns());
            order.arrange(target, arranged, false);
        }
        return new RoundingTask(
                target,
                arranged,
                hessian,
                upper,
                search == null ? List.of() : RangeSearch.conditionalHessians(upper, order, recipe.blockSize()),
                order.columns(),
                !range.hasZeroPoints(),
                search == null ? new float[0][] : search.fractions(),
                together(),
                ROUNDS,
                steps.refit(),
                steps.descent());
    }

    private void improve(BlockCodes codes, Refinement refinement) {
        for (int round = 0; steps.descent() > 0 && round < ROUNDS; round++) {
            refinement.sweep(codes, steps.refit(), steps.descent());
        }
        if (steps.refit()) {
            refinement.sweep(codes, true, 0);
        }
    }
}
