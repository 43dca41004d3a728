package dev.fewbit.quantizer.training.cuda;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.cuda.DeviceArena;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.training.DecoderTraining;
import dev.fewbit.quantizer.training.TrainedLayers;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The whole 16-bit model in device memory, and its training against {@link DeviceDistribution}. */
final class CudaDecoder implements DecoderTraining {
    private final DeviceArena arena;
    private final TrainingKernels kernels;
    private final ModelConfig config;
    private final int length;
    private final List<DeviceWeights> original;
    private final DeviceHead head;

    CudaDecoder(TrainingKernels kernels, Checkpoint checkpoint, int length) {
        this.kernels = kernels;
        this.length = length;
        config = checkpoint.config();
        arena = kernels.device().newArena();
        original = IntStream.range(0, config.layers())
                .mapToObj(i -> DeviceWeights.of(arena, checkpoint, i))
                .toList();
        head = new DeviceHead(arena, kernels, checkpoint);
    }

    @Override
    public int[][] write(int count, int[][] prompts, int prefix, long seed) {
        return new DeviceWriter(kernels, config, original, head, length).write(count, prompts, prefix, seed);
    }

    @Override
    public TrainedLayers layers(TokenWindows windows, List<Map<LayerLinear, BlockQuantizedWeight>> start) {
        DeviceArena own = kernels.device().newArena();
        DeviceObjective objective =
                new DeviceDistribution(own, kernels, config, windows, original, head, DeviceLayers.GROUP);
        return new DeviceLayers(own, kernels, config, length, original, start, objective);
    }

    @Override
    public void close() {
        arena.close();
    }
}
