package dev.fewbit.quantizer.training;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.forward.LayerLinear;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * What a layer's forward pass leaves for its backward pass, all windows of a group one behind the other: {@code [tokens, width]} each.
 *
 * @param input residual stream in front of the layer, {@code hidden} wide
 * @param attentionInput normed, {@code hidden}
 * @param query rotated, {@code heads * headDim}
 * @param key rotated, {@code kvHeads * headDim}
 * @param value {@code kvHeads * headDim}
 * @param attended what attention's last linear reads, {@code heads * headDim}
 * @param middle residual stream behind attention, {@code hidden}
 * @param mlpInput normed, {@code hidden}
 * @param gate {@code intermediate}
 * @param up {@code intermediate}
 * @param inner what the MLP's last linear reads, {@code intermediate}
 * @param <M> a matrix, in memory or on a device; how heads lie in query, key and value is its pass's affair
 */
public record LayerTape<M>(
        M input, M attentionInput, M query, M key, M value, M attended, M middle, M mlpInput, M gate, M up, M inner) {

    /** @param allocate gives a matrix of the group's tokens, so many wide */
    public static <M> LayerTape<M> allocate(ModelConfig config, IntFunction<M> allocate) {
        int heads = config.heads() * config.headDim();
        int keys = config.kvHeads() * config.headDim();
        int hidden = config.hiddenSize();
        int intermediate = config.intermediateSize();
        return new LayerTape<>(
                allocate.apply(hidden),
                allocate.apply(hidden),
                allocate.apply(heads),
                allocate.apply(keys),
                allocate.apply(keys),
                allocate.apply(heads),
                allocate.apply(hidden),
                allocate.apply(hidden),
                allocate.apply(intermediate),
                allocate.apply(intermediate),
                allocate.apply(intermediate));
    }

    /** Floats a token. */
    static long width(ModelConfig config) {
        return 4L * config.hiddenSize()
                + 2L * (config.heads() + config.kvHeads()) * config.headDim()
                + 3L * config.intermediateSize();
    }

    /** What a linear read. */
    public M readBy(LayerLinear linear) {
        return switch (linear) {
            case QUERY, KEY, VALUE -> attentionInput;
            case ATTENTION_OUTPUT -> attended;
            case GATE, UP -> mlpInput;
            case DOWN -> inner;
        };
    }

    /** A part of each matrix, such as the rows of one window. */
    public LayerTape<M> map(UnaryOperator<M> part) {
        return new LayerTape<>(
                part.apply(input),
                part.apply(attentionInput),
                part.apply(query),
                part.apply(key),
                part.apply(value),
                part.apply(attended),
                part.apply(middle),
                part.apply(mlpInput),
                part.apply(gate),
                part.apply(up),
                part.apply(inner));
    }
}
