package dev.fewbit.quantizer.training;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import java.lang.foreign.Arena;
import java.util.Map;

/**
 * Gradients of the outputs of a layer's linears, all windows of a group one behind the other: {@code [tokens, n]} each. Layers share
 * them, one after the other.
 */
record OutputGradients(
        Matrix query, Matrix key, Matrix value, Matrix attentionOutput, Matrix gate, Matrix up, Matrix down) {

    static OutputGradients allocate(Arena arena, ModelConfig config, int tokens) {
        int keys = config.kvHeads() * config.headDim();
        return new OutputGradients(
                Matrix.allocate(arena, tokens, config.heads() * config.headDim()),
                Matrix.allocate(arena, tokens, keys),
                Matrix.allocate(arena, tokens, keys),
                Matrix.allocate(arena, tokens, config.hiddenSize()),
                Matrix.allocate(arena, tokens, config.intermediateSize()),
                Matrix.allocate(arena, tokens, config.intermediateSize()),
                Matrix.allocate(arena, tokens, config.hiddenSize()));
    }

    /** The rows of one window. */
    OutputGradients rows(int from, int count) {
        return new OutputGradients(
                query.rows(from, count),
                key.rows(from, count),
                value.rows(from, count),
                attentionOutput.rows(from, count),
                gate.rows(from, count),
                up.rows(from, count),
                down.rows(from, count));
    }

    /**
     * Adds {@code dY' X} of every linear that has a place for it.
     *
     * @param sums {@code [n, k]} each
     */
    void addTo(LayerTape tape, Map<LayerLinear, Matrix> sums) {
        sums.forEach((linear, sum) -> Products.addTransposedTimes(of(linear), tape.readBy(linear), sum));
    }

    /** Of one linear. */
    Matrix of(LayerLinear linear) {
        return switch (linear) {
            case QUERY -> query;
            case KEY -> key;
            case VALUE -> value;
            case ATTENTION_OUTPUT -> attentionOutput;
            case GATE -> gate;
            case UP -> up;
            case DOWN -> down;
        };
    }
}
