package dev.fewbit.quantizer.method;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerNorm;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * awq on one decoder layer. Linears that share their inputs share the factors {@code s} of their columns ({@link ActivationScales}), whose
 * inverse goes into what makes those inputs:
 *
 * <pre>
 * q, k, v     gains of the norm in front of attention
 * o           rows of v: column d of a query head and row d of its group's key-value head, one factor for all heads of the group
 * gate, up    gains of the norm in front of the MLP
 * down        rows of up
 * </pre>
 *
 * (no factors for o where v has a bias, for down where up has one,) then every linear is rounded to nearest with a searched clip ({@link
 * ClippedRounding}), all but q and k, whose product is what counts. Where rows are divided the codes stay and the scales are divided,
 * rounded to fp16.
 *
 * <p>The inputs come through the linears already rounded, those of this layer included; the authors' code takes all of them through the original
 * weights, and leaves o as it is where queries are grouped.
 *
 * @see <a href="https://arxiv.org/abs/2306.00978">Lin et al. 2023 (AWQ)</a>
 */
final class ActivationAwareLayer {
    private static final Set<LayerLinear> NOT_CLIPPED = Set.of(LayerLinear.QUERY, LayerLinear.KEY);

    private final ModelConfig config;
    private final int layer;
    private final LayerWeights original;
    private final Grids grids;
    private final Map<LayerLinear, BlockCodes> codes = new EnumMap<>(LayerLinear.class);
    private final Map<LayerLinear, Fold> folds = new EnumMap<>(LayerLinear.class);
    private final Map<LayerNorm, float[]> norms = new EnumMap<>(LayerNorm.class);

    /** The grid of each linear, by the name of its weight. */
    interface Grids {
        BlockGrid grid(String weight);
    }

    /** @param original the layer's weights before rounding */
    ActivationAwareLayer(ModelConfig config, int layer, LayerWeights original, Grids grids) {
        this.config = config;
        this.layer = layer;
        this.original = original;
        this.grids = grids;
    }

    /**
     * Rounds linears that share their inputs.
     *
     * @param arena holds the result
     * @param linears in the graph's order, those of earlier steps rounded before
     * @param hessian {@code X'X [k, k]} of their inputs, made by the original norms and by the weights that this method gave before
     * @param magnitudes mean of {@code |x|} of each column, {@code [k]}
     * @return what stands for the weights in the layer as it was before folding, {@code [n, k]}: of the linears, and of the one before them
     *     where its scales changed
     */
    Map<LayerLinear, Matrix> round(Arena arena, List<LayerLinear> linears, Matrix hessian, float[] magnitudes) {
        float[] factors = switch (linears.getFirst()) {
            case QUERY -> behindNorm(LayerNorm.INPUT, linears, hessian, magnitudes);
            case GATE -> behindNorm(LayerNorm.MIDDLE, linears, hessian, magnitudes);
            case ATTENTION_OUTPUT ->
                takesFactors(LayerLinear.VALUE)
                        ? search(linears, hessian, sharedByGroup(magnitudes), factor -> factor)
                        : ones(magnitudes.length);
            case DOWN ->
                takesFactors(LayerLinear.UP)
                        ? search(linears, hessian, magnitudes, factor -> factor)
                        : ones(magnitudes.length);
            case KEY, VALUE, UP -> throw new IllegalArgumentException(linears + " is no whole group");
        };
        Map<LayerLinear, Matrix> replaced = new EnumMap<>(LayerLinear.class);
        for (LayerLinear linear : linears) {
            String name = linear.weight(layer);
            Fold fold = new Fold(null, factors);
            folds.put(linear, fold);
            try (Arena scratch = Arena.ofShared()) {
                codes.put(
                        linear,
                        new ClippedRounding(name, grids.grid(name), !NOT_CLIPPED.contains(linear))
                                .round(fold.apply(scratch, original.linear(linear)), hessian, factors));
            }
            replaced.put(linear, effective(arena, linear));
        }
        LayerLinear last = linears.getFirst();
        if (last == LayerLinear.ATTENTION_OUTPUT && takesFactors(LayerLinear.VALUE)) {
            foldRows(LayerLinear.VALUE, ofKeyValueHeads(factors));
            replaced.put(LayerLinear.VALUE, effective(arena, LayerLinear.VALUE));
        }
        if (last == LayerLinear.DOWN && takesFactors(LayerLinear.UP)) {
            foldRows(LayerLinear.UP, factors);
            replaced.put(LayerLinear.UP, effective(arena, LayerLinear.UP));
        }
        return replaced;
    }

    /** What is stored, once all linears have been rounded; errors are those of the weights before folding. */
    Map<LayerLinear, QuantizedLinear> linears() {
        Map<LayerLinear, QuantizedLinear> results = new EnumMap<>(LayerLinear.class);
        codes.forEach((linear, found) -> {
            try (Arena scratch = Arena.ofShared()) {
                results.put(
                        linear,
                        new QuantizedLinear(
                                found.packed(
                                        grids.grid(linear.weight(layer)).range().hasZeroPoints()),
                                RelativeError.of(effective(scratch, linear), original.linear(linear))));
            }
        });
        return results;
    }

    /** Gains with the factors folded in, each an fp16 value. */
    Map<LayerNorm, float[]> norms() {
        return norms;
    }

    /** What each linear took over. */
    Map<LayerLinear, Fold> folds() {
        return folds;
    }

    private float[] behindNorm(LayerNorm norm, List<LayerLinear> linears, Matrix hessian, float[] magnitudes) {
        float[] gains = original.norm(norm);
        float[] factors = search(
                linears,
                hessian,
                magnitudes,
                wanted -> NormFold.of(gains, wanted).factors());
        norms.put(norm, NormFold.of(gains, factors).gains());
        return factors;
    }

    private float[] search(
            List<LayerLinear> linears, Matrix hessian, float[] magnitudes, UnaryOperator<float[]> realizable) {
        List<ActivationScales.Part> parts = new ArrayList<>();
        for (LayerLinear linear : linears) {
            String name = linear.weight(layer);
            parts.add(new ActivationScales.Part(name, original.linear(linear), grids.grid(name)));
        }
        return ActivationScales.search(parts, hessian, magnitudes, realizable).factors();
    }

    /** A bias is stored as it was: rows in front of it cannot be divided. */
    private boolean takesFactors(LayerLinear front) {
        return front.in(config.decoder().layers().get(layer)).bias().isEmpty();
    }

    private static float[] ones(int count) {
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    private void foldRows(LayerLinear linear, float[] rows) {
        BlockCodes found = codes.get(linear);
        for (int row = 0; row < found.n; row++) {
            for (int block = 0; block < found.blocks; block++) {
                float divided = found.scale(row, block) / rows[row];
                float scale = Float.float16ToFloat(Float.floatToFloat16(divided));
                if (!Float.isFinite(scale)) {
                    throw new QuantizationException("tensor '" + linear.weight(layer) + "': row " + row
                            + " takes over a factor that makes its scale " + divided + ", beyond fp16, up to 65504");
                }
                found.setScale(row, block, scale);
            }
        }
        folds.put(linear, new Fold(rows, folds.get(linear).columns()));
    }

    private Matrix effective(Arena arena, LayerLinear linear) {
        try (Arena scratch = Arena.ofShared()) {
            return folds.get(linear).undo(arena, codes.get(linear).restored(scratch));
        }
    }

    /** {@code [heads * headDim]}: for each column of o the mean over the heads of its group. */
    private float[] sharedByGroup(float[] magnitudes) {
        int dim = config.headDim();
        int group = config.heads() / config.kvHeads();
        float[] shared = new float[magnitudes.length];
        for (int i = 0; i < shared.length; i++) {
            int firstHead = i / dim / group * group;
            double sum = 0;
            for (int head = firstHead; head < firstHead + group; head++) {
                sum += magnitudes[head * dim + i % dim];
            }
            shared[i] = (float) (sum / group);
        }
        return shared;
    }

    /** {@code [kvHeads * headDim]}: of each group's first head. */
    private float[] ofKeyValueHeads(float[] factors) {
        int dim = config.headDim();
        int group = config.heads() / config.kvHeads();
        float[] rows = new float[config.kvHeads() * dim];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = factors[i / dim * group * dim + i % dim];
        }
        return rows;
    }
}
