package dev.fewbit.quantizer.training.cuda;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.cuda.CudaDevice;
import dev.fewbit.quantizer.cuda.DeviceArena;
import dev.fewbit.quantizer.cuda.DeviceLayer;
import dev.fewbit.quantizer.cuda.DeviceMatrix;
import dev.fewbit.quantizer.forward.DecoderForward;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.training.LayerTape;
import dev.fewbit.quantizer.training.StreamTraining;
import dev.fewbit.quantizer.training.TrainedLayers;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;

/** Both streams {@code [tokens, hidden]} in device memory, with one layer's weights. */
final class CudaStreamTraining implements StreamTraining {
    private final CudaDevice device;
    private final TrainingKernels kernels;
    private final Checkpoint checkpoint;
    private final ModelConfig config;
    private final int length;
    private final DeviceArena arena;
    private final DeviceMatrix expected;
    private final DeviceMatrix found;
    /** Of the layer that was entered; closed when it is left. */
    private DeviceArena entered;

    private DeviceLayer original;

    /** @param device closed with this */
    CudaStreamTraining(CudaDevice device, Checkpoint checkpoint, TokenWindows windows) {
        this.device = device;
        kernels = new TrainingKernels(device);
        this.checkpoint = checkpoint;
        config = checkpoint.config();
        length = windows.length();
        arena = device.newArena();
        entered = device.newArena();
        expected = arena.matrix(windows.sequences() * length, config.hiddenSize());
        found = arena.matrix(expected.rows(), expected.columns());
        for (int window = 0; window < windows.sequences(); window++) {
            try (Arena host = Arena.ofConfined()) {
                Matrix x = DecoderForward.embed(host, checkpoint, windows.ids()[window]);
                expected.rows(window * length, length).upload(x);
            }
        }
        found.copyFrom(expected);
    }

    @Override
    public void enter(int layer) {
        original = CudaDecoder.layer(entered, checkpoint, layer);
        advance(original, expected);
    }

    @Override
    public TrainedLayers layer(Map<LayerLinear, BlockQuantizedWeight> start) {
        DeviceArena own = device.newArena();
        DeviceObjective objective = new DeviceDistance(own, kernels, found, expected, length);
        return new DeviceLayers(own, kernels, config, length, List.of(original), List.of(start), objective);
    }

    @Override
    public void leave(Map<LayerLinear, BlockQuantizedWeight> trained) {
        DeviceLayer weights = original.fork();
        trained.forEach((linear, weight) -> {
            try (Arena host = Arena.ofConfined()) {
                weights.replace(linear, Matrix.of(host, weight));
            }
        });
        advance(weights, found);
        entered.close();
        entered = device.newArena();
    }

    private void advance(DeviceLayer weights, DeviceMatrix stream) {
        int tokens = TrainedLayers.GROUP * length;
        try (DeviceArena scratch = device.newArena()) {
            DevicePass pass = new DevicePass(scratch, kernels, config, length, TrainedLayers.GROUP);
            LayerTape<DeviceMatrix> tape = LayerTape.allocate(config, width -> scratch.matrix(tokens, width));
            for (int from = 0; from < stream.rows(); from += tokens) {
                int count = Math.min(tokens, stream.rows() - from);
                pass.forward(weights, tape.map(matrix -> matrix.rows(0, count)), stream.rows(from, count));
            }
        }
    }

    @Override
    public void close() {
        entered.close();
        arena.close();
        device.close();
    }
}
