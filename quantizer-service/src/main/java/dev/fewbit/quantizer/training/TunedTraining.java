package dev.fewbit.quantizer.training;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.forward.LayerLinear;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Trains the codes and scales of a quantized decoder against the 16-bit one.
 *
 * <p>A decoder whose training fits {@value #END_TO_END_BYTES} bytes is trained end to end against the 16-bit distribution
 * ({@link DistributionObjective}). A larger one is trained layer by layer against the 16-bit residual stream ({@link StreamObjective}): two
 * streams {@code [tokens, hidden]} and one layer's training are in memory. The limit is fixed, not the machine's memory, since it shows in
 * the result.
 */
public final class TunedTraining {
    private static final long END_TO_END_BYTES = 8L << 30;

    private final Checkpoint checkpoint;
    private final ModelConfig config;
    private final TokenWindows windows;
    private final TrainingSpec spec;
    private final TrainingStore store;
    private final TrainingObserver observer;
    private final TrainingEngine engine;

    /** @param store for the state; what is in it must be of the same checkpoint, windows, specification and start */
    public TunedTraining(
            Checkpoint checkpoint,
            TokenWindows windows,
            TrainingSpec spec,
            TrainingStore store,
            TrainingObserver observer,
            TrainingEngine engine) {
        this.checkpoint = checkpoint;
        config = checkpoint.config();
        this.windows = windows;
        this.spec = spec;
        this.store = store;
        this.observer = observer;
        this.engine = engine;
    }

    /**
     * Goes on where the store says, or begins.
     *
     * @param start a map a layer; what it does not name stays at 16 bits
     * @return as {@code start}, with the trained codes and scales
     */
    public List<Map<LayerLinear, BlockQuantizedWeight>> train(List<Map<LayerLinear, BlockQuantizedWeight>> start) {
        return bytes(config, windows.length()) <= END_TO_END_BYTES ? endToEnd(start) : layerByLayer(start);
    }

    /** Memory of an end-to-end training: weights, what is trained, and what the backward pass of a group reads. */
    static long bytes(ModelConfig config, int length) {
        long tape = LayerTape.width(config) * TrainedLayers.GROUP * length;
        return config.decoder().linearWeights() * (Float.BYTES + LatentLinear.BYTES_PER_WEIGHT)
                + config.layers() * tape * Float.BYTES;
    }

    List<Map<LayerLinear, BlockQuantizedWeight>> endToEnd(List<Map<LayerLinear, BlockQuantizedWeight>> start) {
        TrainingState state = new TrainingState(store, start);
        try (Arena arena = Arena.ofShared();
                DecoderTraining decoder = engine.decoder(checkpoint, windows.length());
                TrainedLayers layers = decoder.layers(withWritten(decoder), start)) {
            TrainingStage stage = stage(layers, spec.written());
            state.read(arena).ifPresent(kept -> kept.restore(stage, start));
            return stage.run((now, loss) -> tell(state, List.of(), now, loss, 1));
        }
    }

    List<Map<LayerLinear, BlockQuantizedWeight>> layerByLayer(List<Map<LayerLinear, BlockQuantizedWeight>> start) {
        TrainingState state = new TrainingState(store, start);
        List<Map<LayerLinear, BlockQuantizedWeight>> finished = new ArrayList<>();
        try (Arena arena = Arena.ofShared();
                StreamTraining streams = engine.streams(checkpoint, windows)) {
            Optional<TrainingState.Kept> kept = state.read(arena);
            kept.ifPresent(found -> finished.addAll(found.finished()));
            int resumed = finished.size();
            for (int i = 0; i < config.layers(); i++) {
                streams.enter(i);
                if (i >= resumed) {
                    try (TrainedLayers layer = streams.layer(start.get(i))) {
                        TrainingStage stage = stage(layer, 0);
                        if (i == resumed) {
                            List<Map<LayerLinear, BlockQuantizedWeight>> shapes = start.subList(i, i + 1);
                            kept.ifPresent(before -> before.restore(stage, shapes));
                        }
                        finished.addAll(stage.run(
                                (now, loss) -> tell(state, List.copyOf(finished), now, loss, config.layers())));
                    }
                }
                streams.leave(finished.get(i));
            }
        }
        return finished;
    }

    /** Windows that the 16-bit model writes, and behind them those of the calibration. */
    private TokenWindows withWritten(DecoderTraining decoder) {
        if (spec.written() == 0) {
            return windows;
        }
        int[][] prompts =
                Arrays.copyOf(windows.ids(), windows.sequences() - WindowOrder.apart(windows.sequences(), spec));
        int[][] written = decoder.write(spec.written(), prompts, spec.prefix(), spec.seed());
        return new TokenWindows(
                Stream.of(written, windows.ids()).flatMap(Arrays::stream).toArray(int[][]::new));
    }

    private TrainingStage stage(TrainedLayers layers, int written) {
        return new TrainingStage(spec, layers, new WindowOrder(windows.sequences(), written, spec));
    }

    private void tell(
            TrainingState state,
            List<Map<LayerLinear, BlockQuantizedWeight>> finished,
            TrainingStage stage,
            double loss,
            int stages) {
        if (stage.step() > 0 && (stage.step() % spec.saveEvery() == 0 || stage.step() == spec.steps())) {
            state.write(finished, stage);
        }
        observer.stepped(finished.size() * spec.steps() + stage.step(), stages * spec.steps(), loss, stage.bestLoss());
    }
}
