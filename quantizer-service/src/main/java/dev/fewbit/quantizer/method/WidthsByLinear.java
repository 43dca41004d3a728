package dev.fewbit.quantizer.method;

import dev.fewbit.contracts.recipe.Clipping;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.checkpoint.Tensor;
import java.util.HashMap;
import java.util.Map;

/** Round to nearest, each linear at the width that the recipe gives it. */
final class WidthsByLinear implements QuantizationMethod {
    private final Recipe recipe;
    private final Map<Integer, RoundToNearest> byWidth = new HashMap<>();

    /** @param recipe with method {@code rtn} */
    WidthsByLinear(Recipe recipe) {
        this.recipe = recipe;
    }

    @Override
    public QuantizedLinear apply(Tensor weight) {
        return byWidth.computeIfAbsent(recipe.bitsOf(weight.name()), this::rounding)
                .apply(weight);
    }

    @Override
    public void written() {
        byWidth.values().forEach(RoundToNearest::written);
    }

    private RoundToNearest rounding(int bits) {
        BlockRange range = BlockRange.of(recipe, bits);
        return new RoundToNearest(
                bits,
                recipe.blockSize(),
                range,
                recipe.clipping() == Clipping.MSE ? new SquaredErrorSearch(range, bits) : null);
    }
}
