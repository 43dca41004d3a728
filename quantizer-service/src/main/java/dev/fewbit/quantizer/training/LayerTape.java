package dev.fewbit.quantizer.training;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;

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
 */
record LayerTape(
        Matrix input,
        Matrix attentionInput,
        Matrix query,
        Matrix key,
        Matrix value,
        Matrix attended,
        Matrix middle,
        Matrix mlpInput,
        Matrix gate,
        Matrix up,
        Matrix inner) {

    static LayerTape allocate(Arena arena, ModelConfig config, int tokens) {
        int heads = config.heads() * config.headDim();
        int keys = config.kvHeads() * config.headDim();
        int hidden = config.hiddenSize();
        int intermediate = config.intermediateSize();
        return new LayerTape(
                Matrix.allocate(arena, tokens, hidden),
                Matrix.allocate(arena, tokens, hidden),
                Matrix.allocate(arena, tokens, heads),
                Matrix.allocate(arena, tokens, keys),
                Matrix.allocate(arena, tokens, keys),
                Matrix.allocate(arena, tokens, heads),
                Matrix.allocate(arena, tokens, hidden),
                Matrix.allocate(arena, tokens, hidden),
                Matrix.allocate(arena, tokens, intermediate),
                Matrix.allocate(arena, tokens, intermediate),
                Matrix.allocate(arena, tokens, intermediate));
    }

    /** Floats a token. */
    static long width(ModelConfig config) {
        return 4L * config.hiddenSize()
                + 2L * (config.heads() + config.kvHeads()) * config.headDim()
                + 3L * config.intermediateSize();
    }

    /** What a linear read. */
    Matrix readBy(LayerLinear linear) {
        return switch (linear) {
            case QUERY, KEY, VALUE -> attentionInput;
            case ATTENTION_OUTPUT -> attended;
            case GATE, UP -> mlpInput;
            case DOWN -> inner;
        };
    }

    /** The rows of one window. */
    LayerTape rows(int from, int count) {
        return new LayerTape(
                input.rows(from, count),
                attentionInput.rows(from, count),
                query.rows(from, count),
                key.rows(from, count),
                value.rows(from, count),
                attended.rows(from, count),
                middle.rows(from, count),
                mlpInput.rows(from, count),
                gate.rows(from, count),
                up.rows(from, count),
                inner.rows(from, count));
    }
}
