package dev.fewbit.quantizer.method;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.streams.CalibrationStreams;
import dev.fewbit.quantizer.streams.LayerInputs;
import java.lang.foreign.Arena;

/** Moves streams behind a layer that an earlier process finished. */
final class LayerReplay {
    private LayerReplay() {}

    static void of(Checkpoint checkpoint, int layer, CalibrationStreams streams, LayerResult result) {
        try (Arena scratch = Arena.ofShared()) {
            LayerWeights full = LayerWeights.of(scratch, checkpoint, layer);
            streams.layer(full, full.fork());
            result.linears()
                    .forEach((linear, quantized) ->
                            streams.replace(linear, Matrix.of(scratch, (BlockQuantizedWeight) quantized.weight())));
            for (LayerInputs inputs : LayerInputs.values()) {
                streams.pass(inputs);
            }
        }
    }
}
