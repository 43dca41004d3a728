package dev.fewbit.quantizer.training;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.forward.DecoderForward;
import dev.fewbit.quantizer.forward.DecoderLayer;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Both streams {@code [tokens, hidden]} in memory, with one layer's weights. */
final class HostStreamTraining implements StreamTraining {
    private final Arena arena = Arena.ofShared();
    private final Checkpoint checkpoint;
    private final ModelConfig config;
    private final TokenWindows windows;
    private final Matrix expected;
    private final Matrix found;
    /** Of the layer that was entered; closed when it is left. */
    private Arena entered = Arena.ofShared();

    private LayerWeights original;

    HostStreamTraining(Checkpoint checkpoint, TokenWindows windows) {
        this.checkpoint = checkpoint;
        config = checkpoint.config();
        this.windows = windows;
        expected = DecoderForward.embed(arena, checkpoint, windows.flat());
        found = expected.copy(arena);
    }

    @Override
    public void enter(int layer) {
        original = LayerWeights.of(entered, checkpoint, layer);
        advance(original, expected);
    }

    @Override
    public TrainedLayers layer(Map<LayerLinear, BlockQuantizedWeight> start) {
        Objective objective = new StreamObjective(found, expected, windows.length());
        return new HostLayers(Arena.ofShared(), config, windows.length(), List.of(original), List.of(start), objective);
    }

    @Override
    public void leave(Map<LayerLinear, BlockQuantizedWeight> trained) {
        LayerWeights weights = original.fork();
        trained.forEach((linear, weight) -> weights.replace(linear, Matrix.of(entered, weight)));
        advance(weights, found);
        entered.close();
        entered = Arena.ofShared();
    }

    private void advance(LayerWeights weights, Matrix stream) {
        DecoderLayer layer = new DecoderLayer(config, windows.length());
        IntStream.range(0, windows.sequences())
                .parallel()
                .forEach(i ->
                        layer.apply(weights, stream.rows(i * windows.length(), windows.length()), windows.length()));
    }

    @Override
    public void close() {
        entered.close();
        arena.close();
    }
}
