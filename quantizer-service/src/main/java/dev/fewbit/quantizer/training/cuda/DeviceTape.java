package dev.fewbit.quantizer.training.cuda;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.cuda.DeviceArena;
import dev.fewbit.quantizer.cuda.DeviceMatrix;
import dev.fewbit.quantizer.forward.LayerLinear;

/**
 * What a layer's forward pass leaves for its backward pass, all windows of a group one behind the other: {@code [tokens, width]} each.
 *
 * @param input residual stream in front of the layer, {@code hidden} wide
 * @param attentionInput normed, {@code hidden}
 * @param query rotated and split by heads, {@code heads * headDim}
 * @param key rotated and split, {@code kvHeads * headDim}
 * @param value split, {@code kvHeads * headDim}
 * @param attended what attention's last linear reads, {@code heads * headDim}
 * @param middle residual stream behind attention, {@code hidden}
 * @param mlpInput normed, {@code hidden}
 * @param gate {@code intermediate}
 * @param up {@code intermediate}
 * @param inner what the MLP's last linear reads, {@code intermediate}
 */
record DeviceTape(
        DeviceMatrix input,
        DeviceMatrix attentionInput,
        DeviceMatrix query,
        DeviceMatrix key,
        DeviceMatrix value,
        DeviceMatrix attended,
        DeviceMatrix middle,
        DeviceMatrix mlpInput,
        DeviceMatrix gate,
        DeviceMatrix up,
        DeviceMatrix inner) {

    static DeviceTape allocate(DeviceArena arena, ModelConfig config, int tokens) {
        int heads = config.heads() * config.headDim();
        int keys = config.kvHeads() * config.headDim();
        int hidden = config.hiddenSize();
        int intermediate = config.intermediateSize();
        return new DeviceTape(
                arena.matrix(tokens, hidden),
                arena.matrix(tokens, hidden),
                arena.matrix(tokens, heads),
                arena.matrix(tokens, keys),
                arena.matrix(tokens, keys),
                arena.matrix(tokens, heads),
                arena.matrix(tokens, hidden),
                arena.matrix(tokens, hidden),
                arena.matrix(tokens, intermediate),
                arena.matrix(tokens, intermediate),
                arena.matrix(tokens, intermediate));
    }

    /** What a linear read. */
    DeviceMatrix readBy(LayerLinear linear) {
        return switch (linear) {
            case QUERY, KEY, VALUE -> attentionInput;
            case ATTENTION_OUTPUT -> attended;
            case GATE, UP -> mlpInput;
            case DOWN -> inner;
        };
    }

    /** The rows of the first windows. */
    DeviceTape first(int tokens) {
        return new DeviceTape(
                input.rows(0, tokens),
                attentionInput.rows(0, tokens),
                query.rows(0, tokens),
                key.rows(0, tokens),
                value.rows(0, tokens),
                attended.rows(0, tokens),
                middle.rows(0, tokens),
                mlpInput.rows(0, tokens),
                gate.rows(0, tokens),
                up.rows(0, tokens),
                inner.rows(0, tokens));
    }
}
