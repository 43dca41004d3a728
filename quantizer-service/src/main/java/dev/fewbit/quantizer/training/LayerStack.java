package dev.fewbit.quantizer.training;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.forward.DecoderLayer;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Layers one behind the other, with the memory for what their backward pass needs of a group of windows. Windows are worked on in
 * parallel, each on one thread; gradients of weights are products over the whole group in tiles of fixed size, and groups follow one
 * another: the number of threads does not show.
 */
final class LayerStack {
    private final List<LayerWeights> weights;
    private final DecoderLayer layer;
    private final LayerPass pass;
    private final List<LayerTape<Matrix>> tapes = new ArrayList<>();
    private final OutputGradients<Matrix> gradients;
    private final Matrix stream;
    private final int length;
    private final int group;

    /** Receives what one layer's backward pass gives for a group of windows. */
    interface Receiver {
        /**
         * Takes it; it is overwritten afterwards.
         *
         * @param tape the group's rows
         * @param gradients the group's rows
         * @param from the group's first window, by its place among those that are worked on
         */
        void take(int layer, LayerTape<Matrix> tape, OutputGradients<Matrix> gradients, int from);
    }

    /**
     * Takes its memory.
     *
     * @param arena shared
     * @param length of a window
     * @param weights of the layers; linears may change from pass to pass
     * @param group windows whose backward pass is in memory at a time
     */
    LayerStack(Arena arena, ModelConfig config, int length, List<LayerWeights> weights, int group) {
        this.weights = weights;
        this.length = length;
        this.group = group;
        layer = new DecoderLayer(config, length);
        pass = new LayerPass(config, length);
        int tokens = group * length;
        for (int i = 0; i < weights.size(); i++) {
            tapes.add(LayerTape.allocate(config, width -> Matrix.allocate(arena, tokens, width)));
        }
        gradients = OutputGradients.allocate(config, width -> Matrix.allocate(arena, tokens, width));
        stream = Matrix.allocate(arena, tokens, config.hiddenSize());
    }

    /** Mean loss a position. */
    double loss(int[] windows, Objective objective) {
        double sum = 0;
        for (int from = 0; from < windows.length; from += group) {
            int start = from;
            sum += IntStream.range(0, Math.min(group, windows.length - from))
                    .parallel()
                    .mapToObj(i -> {
                        Matrix x = stream.rows(i * length, length);
                        objective.input(windows[start + i], x);
                        weights.forEach(layerWeights -> layer.apply(layerWeights, x, length));
                        return objective.loss(windows[start + i], x);
                    })
                    .toList()
                    .stream()
                    .reduce(0.0, Double::sum);
        }
        return sum / ((double) windows.length * length);
    }

    /**
     * Mean loss a position; the gradients of it are added to {@code sums}.
     *
     * @param sums for each layer, {@code [n, k]} for the linears whose gradient is wanted
     */
    double gradients(int[] windows, Objective objective, List<Map<LayerLinear, Matrix>> sums) {
        return back(
                windows,
                objective,
                (layer, tape, outputs, from) -> sums.get(layer)
                        .forEach((linear, sum) ->
                                Products.addTransposedTimes(outputs.of(linear), tape.readBy(linear), sum)));
    }

    /** Mean loss a position; what each layer's backward pass gives goes to {@code receiver}, the last layer's first. */
    double back(int[] windows, GradientSource source, Receiver receiver) {
        float weight = (float) (1 / ((double) windows.length * length));
        double sum = 0;
        for (int from = 0; from < windows.length; from += group) {
            int count = Math.min(group, windows.length - from);
            int start = from;
            sum +=
                    IntStream.range(0, count)
                            .parallel()
                            .mapToObj(i -> forward(windows[start + i], i, source, weight))
                            .toList()
                            .stream()
                            .reduce(0.0, Double::sum);
            backward(count, start, receiver);
        }
        return sum * weight;
    }

    private double forward(int window, int place, GradientSource source, float weight) {
        Matrix x = stream.rows(place * length, length);
        source.input(window, x);
        for (int i = 0; i < weights.size(); i++) {
            pass.forward(weights.get(i), tapes.get(i).map(window(place)), x);
        }
        return source.gradient(window, x, weight);
    }

    private void backward(int count, int start, Receiver receiver) {
        for (int i = weights.size() - 1; i >= 0; i--) {
            LayerWeights layerWeights = weights.get(i);
            LayerTape<Matrix> tape = tapes.get(i);
            IntStream.range(0, count).parallel().forEach(place -> {
                UnaryOperator<Matrix> window = window(place);
                pass.backward(layerWeights, tape.map(window), gradients.map(window), window.apply(stream));
            });
            UnaryOperator<Matrix> group = matrix -> matrix.rows(0, count * length);
            receiver.take(i, tape.map(group), gradients.map(group), start);
        }
    }

    /** The rows of one window of the group. */
    private UnaryOperator<Matrix> window(int place) {
        return matrix -> matrix.rows(place * length, length);
    }
}
