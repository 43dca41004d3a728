package dev.fewbit.quantizer.method;

import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.streams.CalibrationEngine;
import dev.fewbit.quantizer.streams.CalibrationStreams;
import dev.fewbit.quantizer.streams.InputSums;
import dev.fewbit.quantizer.streams.LayerInputs;
import dev.fewbit.quantizer.streams.SumsWanted;
import dev.fewbit.quantizer.work.WorkObserver;
import java.lang.foreign.Arena;

/**
 * awq, layer by layer with all calibration windows, on inputs that come through what is quantized already. In memory are the residual stream
 * {@code [tokens, hidden]}, one layer's weights, and the inputs of one linear.
 */
final class ActivationAwareWalk implements DecoderWalk {
    private static final SumsWanted MAGNITUDES = new SumsWanted(false, true, null);

    private final Checkpoint checkpoint;
    private final ActivationAwareLayer.Grids grids;
    private final WorkObserver observer;
    private final CalibrationStreams streams;
    private int layer;

    /** @param recipe with method {@code awq} */
    ActivationAwareWalk(
            Checkpoint checkpoint,
            TokenWindows tokens,
            Recipe recipe,
            CalibrationEngine engine,
            WorkObserver observer) {
        this.observer = observer;
        this.checkpoint = checkpoint;
        grids = weight -> {
            int bits = recipe.bitsOf(weight);
            return new BlockGrid(BlockRange.of(recipe, bits), bits, recipe.blockSize());
        };
        streams = engine.open(
                checkpoint.config(),
                tokens.sequences(),
                tokens.length(),
                EmbeddedWindows.quantized(checkpoint, tokens, recipe),
                null);
    }

    @Override
    public LayerResult next() {
        ModelConfig config = checkpoint.config();
        try (Arena scratch = Arena.ofShared()) {
            LayerWeights original = LayerWeights.of(scratch, checkpoint, layer);
            FiniteWeights.require(original, layer);
            streams.layer(original, original.fork());
            ActivationAwareLayer rounding = new ActivationAwareLayer(config, layer, original, grids);
            for (LayerInputs inputs : LayerInputs.values()) {
                observer.working(
                        LayerSteps.of(config, layer, inputs.linears(config).getFirst()));
                try (Arena step = Arena.ofShared()) {
                    InputSums sums = streams.sums(step, inputs, MAGNITUDES);
                    rounding.round(scratch, inputs.linears(config), sums.products(), sums.magnitudes())
                            .forEach(streams::replace);
                }
                // Computed anew: rows of the linear in front have new scales.
                streams.pass(inputs);
            }
            layer++;
            return new LayerResult(rounding.linears(), rounding.norms());
        }
    }

    @Override
    public CalibrationStreams streams() {
        return streams;
    }

    /** The streams went through weights as they were before folding, which is not what is stored. */
    @Override
    public boolean replays() {
        return false;
    }

    @Override
    public void replay(LayerResult result) {
        throw new UnsupportedOperationException("streams of awq are kept");
    }

    @Override
    public void skipTo(int number) {
        layer = number;
    }

    @Override
    public void close() {
        streams.close();
    }
}
