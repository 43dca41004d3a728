package dev.fewbit.quantizer.training;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerWeights;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The whole 16-bit model in memory, and its training against {@link DistributionObjective}. */
final class HostDecoder implements DecoderTraining {
    private final Arena arena = Arena.ofShared();
    private final Checkpoint checkpoint;
    private final int length;
    private final List<LayerWeights> original;
    private final DecoderHead head;

    HostDecoder(Checkpoint checkpoint, int length) {
        this.checkpoint = checkpoint;
        this.length = length;
        original = IntStream.range(0, checkpoint.config().layers())
                .mapToObj(i -> LayerWeights.of(arena, checkpoint, i))
                .toList();
        head = DecoderHead.of(arena, checkpoint, length);
    }

    @Override
    public int[][] write(int count, int[][] prompts, int prefix, long seed) {
        return new WrittenWindows(checkpoint, original, head, length).write(count, prompts, prefix, seed);
    }

    @Override
    public TrainedLayers layers(TokenWindows windows, List<Map<LayerLinear, BlockQuantizedWeight>> start) {
        Arena own = Arena.ofShared();
        Objective objective = new DistributionObjective(own, checkpoint, windows, original, head);
        return new HostLayers(own, checkpoint.config(), length, original, start, objective);
    }

    @Override
    public void close() {
        arena.close();
    }
}
