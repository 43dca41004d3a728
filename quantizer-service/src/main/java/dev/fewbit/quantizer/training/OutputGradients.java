package dev.fewbit.quantizer.training;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.forward.LayerLinear;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * Gradients of the outputs of a layer's linears, all windows of a group one behind the other: {@code [tokens, n]} each. Layers share
 * them, one after the other.
 *
 * @param <M> a matrix, in memory or on a device
 */
public record OutputGradients<M>(M query, M key, M value, M attentionOutput, M gate, M up, M down) {

    /** @param allocate gives a matrix of the group's tokens, so many wide */
    public static <M> OutputGradients<M> allocate(ModelConfig config, IntFunction<M> allocate) {
        int keys = config.kvHeads() * config.headDim();
        return new OutputGradients<>(
                allocate.apply(config.heads() * config.headDim()),
                allocate.apply(keys),
                allocate.apply(keys),
                allocate.apply(config.hiddenSize()),
                allocate.apply(config.intermediateSize()),
                allocate.apply(config.intermediateSize()),
                allocate.apply(config.hiddenSize()));
    }

    /** A part of each matrix, such as the rows of one window. */
    public OutputGradients<M> map(UnaryOperator<M> part) {
        return new OutputGradients<>(
                part.apply(query),
                part.apply(key),
                part.apply(value),
                part.apply(attentionOutput),
                part.apply(gate),
                part.apply(up),
                part.apply(down));
    }

    /** Of one linear. */
    public M of(LayerLinear linear) {
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
