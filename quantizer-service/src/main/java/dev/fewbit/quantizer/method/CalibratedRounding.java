package dev.fewbit.quantizer.method;

import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.contracts.recipe.StepsSpec;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;

/**
 * What {@code gptq} and {@code gptq+} do to one linear: GPTQ, and with {@code gptq+} towards the full-precision outputs, with searched
 * ranges, then twice (refit of the scales, descent over the codes), and a last refit.
 */
final class CalibratedRounding {
    private static final int ROUNDS = 2;

    private final Recipe recipe;
    private final StepsSpec steps;

    /** @param recipe with method {@code gptq} or {@code gptq+} */
    CalibratedRounding(Recipe recipe) {
        this.recipe = recipe;
        steps = recipe.steps() == null ? StepsSpec.none() : recipe.steps();
    }

    /** Whether the inputs through the original layers are needed too. */
    boolean needsTarget() {
        return steps.target();
    }

    /** Whether linears that add to the residual stream repair it. */
    boolean repairsResidual() {
        return steps.residual();
    }

    /** A linear, quantized. */
    record Rounded(QuantizedLinear linear, Matrix restored) {}

    /**
     * Quantizes one linear.
     *
     * @param arena holds the restored weight
     * @param name of the weight, for messages
     * @param weight {@code [n, k]}
     */
    Rounded round(Arena arena, String name, Matrix weight, LinearInputs inputs) {
        try (Arena scratch = Arena.ofShared()) {
            Matrix target = steps.target() ? inputs.target(scratch, weight) : weight;
            int bits = recipe.bitsOf(name);
            BlockRange range = BlockRange.of(recipe, bits);
            BlockCodes codes = new BlockCodes(weight.rows(), weight.columns(), bits, recipe.blockSize());
            RangeSearch search = steps.search() ? new RangeSearch(range, bits) : null;
            new CompensatedRounding(name, range, search).round(target, inputs.inverseUpper(), codes);
            improve(codes, target, inputs.hessian());
            return new Rounded(
                    new QuantizedLinear(codes.packed(range.hasZeroPoints()), codes.relativeError(weight)),
                    codes.restored(arena));
        }
    }

    private void improve(BlockCodes codes, Matrix target, Matrix hessian) {
        ScaleRefit refit = new ScaleRefit(target, hessian);
        if (steps.descent() > 0) {
            CodeDescent descent = new CodeDescent(target, hessian);
            for (int round = 0; round < ROUNDS; round++) {
                if (steps.refit()) {
                    refit.refit(codes);
                }
                descent.descend(codes, steps.descent());
            }
        }
        if (steps.refit()) {
            refit.refit(codes);
        }
    }
}
