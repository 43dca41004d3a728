package dev.fewbit.quantizer.training.cuda;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.cuda.DeviceArena;
import dev.fewbit.quantizer.cuda.DeviceMatrix;
import dev.fewbit.quantizer.forward.LayerLinear;

/**
 * Gradients of the outputs of a layer's linears, all windows of a group one behind the other: {@code [tokens, n]} each. Layers share
 * them, one after the other.
 */
record DeviceGradients(
        DeviceMatrix query,
        DeviceMatrix key,
        DeviceMatrix value,
        DeviceMatrix attentionOutput,
        DeviceMatrix gate,
        DeviceMatrix up,
        DeviceMatrix down) {

    static DeviceGradients allocate(DeviceArena arena, ModelConfig config, int tokens) {
        int keys = config.kvHeads() * config.headDim();
        return new DeviceGradients(
                arena.matrix(tokens, config.heads() * config.headDim()),
                arena.matrix(tokens, keys),
                arena.matrix(tokens, keys),
                arena.matrix(tokens, config.hiddenSize()),
                arena.matrix(tokens, config.intermediateSize()),
                arena.matrix(tokens, config.intermediateSize()),
                arena.matrix(tokens, config.hiddenSize()));
    }

    /** The rows of the first windows. */
    DeviceGradients first(int tokens) {
        return new DeviceGradients(
                query.rows(0, tokens),
                key.rows(0, tokens),
                value.rows(0, tokens),
                attentionOutput.rows(0, tokens),
                gate.rows(0, tokens),
                up.rows(0, tokens),
                down.rows(0, tokens));
    }

    /** Of one linear. */
    DeviceMatrix of(LayerLinear linear) {
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
