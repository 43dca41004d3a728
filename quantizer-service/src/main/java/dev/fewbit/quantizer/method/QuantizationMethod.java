package dev.fewbit.quantizer.method;

import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.checkpoint.Tensor;

/** A way to map the weight of a linear to what an artifact stores. Same weight, same result, whatever the number of threads. */
public sealed interface QuantizationMethod permits Unquantized, RoundToNearest {

    /** The method of {@code recipe}. */
    static QuantizationMethod of(Recipe recipe) {
        return switch (recipe.method()) {
            case NONE -> new Unquantized();
            case RTN ->
                new RoundToNearest(
                        recipe.bits(),
                        recipe.blockSize(),
                        recipe.symmetric() ? new SymmetricRange(recipe.bits()) : new AsymmetricRange(recipe.bits()));
        };
    }

    /**
     * Maps one weight.
     *
     * @param weight {@code [n, k]}: n outputs, k inputs
     * @throws dev.fewbit.quantizer.QuantizationException when it holds a value that cannot be mapped
     */
    QuantizedLinear apply(Tensor weight);
}
