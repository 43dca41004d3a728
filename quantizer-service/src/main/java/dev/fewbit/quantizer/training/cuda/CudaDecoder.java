package dev.fewbit.quantizer.training.cuda;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.cuda.CudaDevice;
import dev.fewbit.quantizer.cuda.DeviceArena;
import dev.fewbit.quantizer.cuda.DeviceLayer;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.training.DecoderTraining;
import dev.fewbit.quantizer.training.TrainedLayers;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The whole 16-bit model in device memory, and its training against {@link DeviceDistribution}. */
final class CudaDecoder implements DecoderTraining {
    private final CudaDevice device;
    private final DeviceArena arena;
    private final TrainingKernels kernels;
    private final ModelConfig config;
    private final int length;
    private final List<DeviceLayer> original;
    private final DeviceHead head;

    /** @param device closed with this */
    CudaDecoder(CudaDevice device, Checkpoint checkpoint, int length) {
        this.device = device;
        kernels = new TrainingKernels(device);
        this.length = length;
        config = checkpoint.config();
        arena = device.newArena();
        original = IntStream.range(0, config.layers())
                .mapToObj(i -> layer(arena, checkpoint, i))
                .toList();
        head = new DeviceHead(arena, kernels, checkpoint);
    }

    /** A layer of the checkpoint; it is widened in the host's memory. */
    static DeviceLayer layer(DeviceArena arena, Checkpoint checkpoint, int layer) {
        try (Arena host = Arena.ofConfined()) {
            return DeviceLayer.of(arena, LayerWeights.of(host, checkpoint, layer));
        }
    }

    @Override
    public int[][] write(int count, int[][] prompts, int prefix, long seed) {
        return new DeviceWriter(kernels, config, original, head, length).write(count, prompts, prefix, seed);
    }

    @Override
    public TrainedLayers layers(TokenWindows windows, List<Map<LayerLinear, BlockQuantizedWeight>> start) {
        DeviceArena own = device.newArena();
        DeviceObjective objective =
                new DeviceDistribution(own, kernels, config, windows, original, head, TrainedLayers.GROUP);
        return new DeviceLayers(own, kernels, config, length, original, start, objective);
    }

    @Override
    public void close() {
        arena.close();
        device.close();
    }
}
