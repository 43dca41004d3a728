package dev.fewbit.quantizer.method;

import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.contracts.recipe.StepsSpec;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.decoder.LayerSpec;
import dev.fewbit.model.decoder.LinearSpec;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.forward.ForwardSupport;
import dev.fewbit.quantizer.streams.HostEngine;
import dev.fewbit.quantizer.streams.LayerInputs;

/**
 * Memory off the heap that a calibrated method takes, by the counts of {@link LinearInputs}.
 *
 * @param needed bytes that have to be there: one layer's weights twice, sums, factors and working copies of the most demanding group of linears, and
 *     what is computed of 16 windows at a time
 * @param largest the most demanding linear, for messages
 * @param streams bytes of residual streams and of what linears read, which may lie in files
 */
public record QuantizingMemory(long needed, String largest, long streams) {
    /**
     * Of a calibrated recipe on the machine's processor.
     *
     * @param windows their number and length count
     */
    public static QuantizingMemory of(ModelConfig config, Recipe recipe, TokenWindows windows) {
        return of(
                config,
                recipe,
                windows.sequences(),
                windows.length(),
                Runtime.getRuntime().availableProcessors());
    }

    /** As {@link #of(ModelConfig, Recipe, TokenWindows)}, of windows that are not drawn yet, on a machine with some processors. */
    public static QuantizingMemory of(ModelConfig config, Recipe recipe, int sequences, int length, int processors) {
        StepsSpec steps = recipe.steps() == null ? StepsSpec.none() : recipe.steps();
        long most = 0;
        LayerInputs largest = null;
        for (LayerInputs inputs : LayerInputs.values()) {
            long floats = floats(config, inputs, steps, length, processors);
            if (floats > most) {
                most = floats;
                largest = inputs;
            }
        }
        long weights =
                layer(config).linears().stream().mapToLong(LinearSpec::weights).sum();
        long tokens = (long) sequences * length;
        long widths = (steps.target() ? 2L : 1L) * config.hiddenSize() + (long) LayerInputs.widestAdded(config);
        return new QuantizingMemory(
                (2 * weights + most) * Float.BYTES,
                "%s with %d inputs".formatted(largest.linears(config).getFirst().part(), largest.width(config)),
                tokens * widths * Float.BYTES);
    }

    /**
     * Bytes of the residual streams that are kept on disk behind each finished layer, for a resumption; 0 where they are computed again instead.
     */
    public static long keptStreams(ModelConfig config, Recipe recipe, int sequences, int length) {
        boolean twice = recipe.steps() != null && recipe.steps().target();
        long bytes = (long) sequences * length * (twice ? 2 : 1) * config.hiddenSize() * Float.BYTES;
        return recipe.method() == Method.AWQ || bytes <= CalibratedMethod.MOST_KEPT ? bytes : 0;
    }

    private static long floats(ModelConfig config, LayerInputs inputs, StepsSpec steps, int length, int processors) {
        long k = inputs.width(config);
        long n = inputs.linears(config).stream()
                .mapToLong(linear -> linear.in(layer(config)).n())
                .max()
                .orElseThrow();
        long squares = (steps.target() ? 7 : 4) * k * k + (steps.actOrder() ? 4 * k * k : 0);
        boolean weighted =
                steps.weights() && ForwardSupport.beyondLlama(config.decoder()).isEmpty();
        long outputs = weighted ? 4 * n * n : 0;
        long weights = (steps.target() ? 6 : 3) * n * k;
        long read = (steps.target() ? 2 : 1) + (weighted ? 1 : 0);
        long group = HostEngine.GROUP * length * (read * k + (steps.residual() ? config.hiddenSize() : 0));
        long forward = (long) processors * length * (2L * config.intermediateSize() + 3L * config.hiddenSize());
        long sums = (steps.target() ? 2 : 1) * k * k + (steps.residual() ? n * k : 0);
        return Math.max(squares + outputs + weights, sums + group + forward);
    }

    private static LayerSpec layer(ModelConfig config) {
        return config.decoder().layers().getFirst();
    }
}
