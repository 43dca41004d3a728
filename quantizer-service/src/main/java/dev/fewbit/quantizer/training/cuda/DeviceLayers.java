package dev.fewbit.quantizer.training.cuda;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.cuda.DeviceArena;
import dev.fewbit.quantizer.cuda.DeviceLayer;
import dev.fewbit.quantizer.cuda.DeviceMatrix;
import dev.fewbit.quantizer.cuda.DeviceProducts;
import dev.fewbit.quantizer.cuda.DeviceProducts.Block;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.training.Adam;
import dev.fewbit.quantizer.training.LayerTape;
import dev.fewbit.quantizer.training.OutputGradients;
import dev.fewbit.quantizer.training.TrainedLayers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/** Layers in training on the device, one behind the other, with the memory for the backward pass of a group of windows. */
final class DeviceLayers implements TrainedLayers {
    private final DeviceArena arena;
    private final TrainingKernels kernels;
    private final DeviceProducts products;
    private final DeviceObjective objective;
    private final int length;
    private final List<DeviceLayer> weights = new ArrayList<>();
    private final List<Map<LayerLinear, DeviceLatent>> latents = new ArrayList<>();
    private final List<LayerTape<DeviceMatrix>> tapes = new ArrayList<>();
    private final DevicePass pass;
    private final OutputGradients<DeviceMatrix> gradients;
    private final DeviceMatrix stream;
    private final long chosen;

    /**
     * Begins at {@code start}.
     *
     * @param arena closed with this
     * @param length of a window
     * @param original the 16-bit layers
     * @param start a map for each
     */
    DeviceLayers(
            DeviceArena arena,
            TrainingKernels kernels,
            ModelConfig config,
            int length,
            List<DeviceLayer> original,
            List<Map<LayerLinear, BlockQuantizedWeight>> start,
            DeviceObjective objective) {
        this.arena = arena;
        this.kernels = kernels;
        this.objective = objective;
        this.length = length;
        products = kernels.device().products();
        int tokens = GROUP * length;
        for (int i = 0; i < original.size(); i++) {
            DeviceLayer layer = original.get(i).fork();
            Map<LayerLinear, DeviceLatent> linears = new EnumMap<>(LayerLinear.class);
            start.get(i).forEach((linear, weight) -> {
                DeviceLatent latent = new DeviceLatent(arena, kernels, weight);
                linears.put(linear, latent);
                layer.replace(linear, latent.restored());
            });
            weights.add(layer);
            latents.add(linears);
            tapes.add(LayerTape.allocate(config, width -> arena.matrix(tokens, width)));
        }
        pass = new DevicePass(arena, kernels, config, length, GROUP);
        gradients = OutputGradients.allocate(config, width -> arena.matrix(tokens, width));
        stream = arena.matrix(tokens, config.hiddenSize());
        chosen = arena.bytes((long) GROUP * Integer.BYTES);
        restore();
    }

    @Override
    public void restore() {
        linears().forEach(DeviceLatent::restore);
    }

    @Override
    public double loss(int[] windows) {
        double sum = 0;
        for (int from = 0; from < windows.length; from += GROUP) {
            sum += forward(windows, from, 0);
        }
        return finite(sum / ((double) windows.length * length));
    }

    @Override
    public double gradients(int[] windows) {
        float weight = (float) (1 / ((double) windows.length * length));
        double sum = 0;
        for (int from = 0; from < windows.length; from += GROUP) {
            sum += forward(windows, from, weight);
            int tokens = Math.min(GROUP, windows.length - from) * length;
            for (int i = weights.size() - 1; i >= 0; i--) {
                backward(i, tokens, from == 0 ? 0 : 1);
            }
        }
        return finite(sum * weight);
    }

    private double forward(int[] windows, int from, float weight) {
        int count = Math.min(GROUP, windows.length - from);
        int[] group = new int[count];
        System.arraycopy(windows, from, group, 0, count);
        TrainingKernels.uploadInts(kernels.device(), group, chosen);
        int tokens = count * length;
        DeviceMatrix x = stream.rows(0, tokens);
        objective.input(chosen, x);
        for (int i = 0; i < weights.size(); i++) {
            pass.forward(weights.get(i), tapes.get(i).map(matrix -> matrix.rows(0, tokens)), x);
        }
        return objective.loss(chosen, x, weight);
    }

    private void backward(int layer, int tokens, float keep) {
        LayerTape<DeviceMatrix> tape = tapes.get(layer).map(matrix -> matrix.rows(0, tokens));
        OutputGradients<DeviceMatrix> outputs = gradients.map(matrix -> matrix.rows(0, tokens));
        pass.backward(weights.get(layer), tape, outputs, stream.rows(0, tokens));
        latents.get(layer).forEach((linear, latent) -> {
            DeviceMatrix sum = latent.gradient();
            Block dy = new Block(outputs.of(linear), 0, 0);
            Block x = new Block(tape.readBy(linear), 0, 0);
            products.transposedTimes(sum.rows(), sum.columns(), tokens, 1, dy, x, keep, new Block(sum, 0, 0));
        });
    }

    private static double finite(double loss) {
        if (!Double.isFinite(loss)) {
            throw new QuantizationException(
                    "training on the GPU: a loss is " + loss
                            + ": the checkpoint or its quantized start goes beyond fp32; allowed: a method without +tuned, or --device cpu");
        }
        return loss;
    }

    @Override
    public void step(Adam.Step adam, double codeRate, double scaleRate) {
        linears().forEach(linear -> linear.step(adam, codeRate, scaleRate));
    }

    @Override
    public List<Map<LayerLinear, BlockQuantizedWeight>> packed() {
        List<Map<LayerLinear, BlockQuantizedWeight>> packed = new ArrayList<>();
        for (Map<LayerLinear, DeviceLatent> layer : latents) {
            Map<LayerLinear, BlockQuantizedWeight> linears = new EnumMap<>(LayerLinear.class);
            layer.forEach((linear, latent) -> linears.put(linear, latent.packed()));
            packed.add(linears);
        }
        return packed;
    }

    @Override
    public List<MemorySegment> state(Arena host) {
        return linears().stream().flatMap(linear -> linear.state(host).stream()).toList();
    }

    @Override
    public void goOn(LongFunction<MemorySegment> next) {
        linears().forEach(linear -> linear.goOn(next));
    }

    /** In a fixed order. */
    private List<DeviceLatent> linears() {
        return latents.stream().flatMap(layer -> layer.values().stream()).toList();
    }

    @Override
    public void close() {
        arena.close();
    }
}
