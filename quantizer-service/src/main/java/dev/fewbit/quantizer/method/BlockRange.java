package dev.fewbit.quantizer.method;

import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.quantizer.QuantizationException;

/**
 * The grid of a block: {@code w' = (code - zeroPoint) * scale} with codes {@code 0 .. 2^bits - 1} and a scale that fp16 holds. Every
 * weight of the block lies within half a scale of the grid.
 */
sealed interface BlockRange permits AsymmetricRange, SymmetricRange {

    /** The grid that {@code recipe} asks for, of linears without a width of their own. */
    static BlockRange of(Recipe recipe) {
        return of(recipe, recipe.bits());
    }

    /** The grid that {@code recipe} asks for at a width. */
    static BlockRange of(Recipe recipe, int bits) {
        return recipe.symmetric() ? new SymmetricRange(bits) : new AsymmetricRange(bits);
    }

    /** Whether the zero point differs from block to block and is stored. */
    boolean hasZeroPoints();

    /** The scale as fp16 for a block whose weights span {@code [low, high]}; infinite when fp16 cannot hold it. */
    short scale(float low, float high);

    /** The zero point of a block that begins at {@code low}, given its scale. */
    int zeroPoint(float low, float scale);

    /**
     * The scale of a block whose weights span {@code [low, high]}.
     *
     * @param tensor for the message
     * @throws QuantizationException when fp16 cannot hold it
     */
    default float finiteScale(String tensor, float low, float high) {
        float scale = Float.float16ToFloat(scale(low, high));
        if (!Float.isFinite(scale)) {
            throw new QuantizationException("tensor '" + tensor + "' spans " + low + " to " + high
                    + " in a block; its scale is beyond fp16, up to 65504");
        }
        return scale;
    }

    /** The smallest fp16 that is not below {@code step}: rounding down would leave weights outside the grid. */
    static short roundUp(double step) {
        // A block of zeros has no step; any scale serves, and 1 divides.
        if (step == 0) {
            return Float.floatToFloat16(1);
        }
        // Double to float may round down by itself; the comparison is with the exact step.
        short half = Float.floatToFloat16((float) step);
        return Float.float16ToFloat(half) < step ? (short) (half + 1) : half;
    }
}
