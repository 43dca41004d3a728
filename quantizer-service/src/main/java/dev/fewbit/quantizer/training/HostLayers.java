package dev.fewbit.quantizer.training;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.IntStream;

/** Latent layers and the stack over them, in memory. */
final class HostLayers implements TrainedLayers {
    private final Arena arena;
    private final List<LatentLayer> layers;
    private final LayerStack stack;
    private final Objective objective;
    private final List<Map<LayerLinear, Matrix>> gradients;

    /**
     * Begins at {@code start}.
     *
     * @param arena shared; closed with this
     * @param length of a window
     * @param original the 16-bit layers
     * @param start a map for each
     */
    HostLayers(
            Arena arena,
            ModelConfig config,
            int length,
            List<LayerWeights> original,
            List<Map<LayerLinear, BlockQuantizedWeight>> start,
            Objective objective) {
        this.arena = arena;
        this.objective = objective;
        layers = IntStream.range(0, original.size())
                .mapToObj(i -> new LatentLayer(arena, original.get(i), start.get(i)))
                .toList();
        List<LayerWeights> weights = layers.stream().map(LatentLayer::weights).toList();
        stack = new LayerStack(arena, config, length, weights, TrainedLayers.GROUP);
        gradients = layers.stream().map(LatentLayer::gradients).toList();
    }

    @Override
    public void restore() {
        linears().forEach(LatentLinear::restore);
    }

    @Override
    public double loss(int[] windows) {
        return stack.loss(windows, objective);
    }

    @Override
    public double gradients(int[] windows) {
        linears().forEach(LatentLinear::clearGradient);
        return stack.gradients(windows, objective, gradients);
    }

    @Override
    public void step(Adam.Step adam, double codeRate, double scaleRate) {
        for (LatentLinear linear : linears()) {
            linear.throughRounding();
            linear.step(adam, codeRate, scaleRate);
            linear.restore();
        }
    }

    @Override
    public List<Map<LayerLinear, BlockQuantizedWeight>> packed() {
        return layers.stream().map(LatentLayer::packed).toList();
    }

    @Override
    public List<MemorySegment> state(Arena copies) {
        return linears().stream().flatMap(linear -> linear.state().stream()).toList();
    }

    @Override
    public void goOn(LongFunction<MemorySegment> next) {
        linears().forEach(linear -> linear.state().forEach(part -> part.copyFrom(next.apply(part.byteSize()))));
    }

    /** In a fixed order. */
    private List<LatentLinear> linears() {
        return layers.stream()
                .flatMap(layer -> layer.linears().values().stream())
                .toList();
    }

    @Override
    public void close() {
        arena.close();
    }
}
