package dev.fewbit.quantizer.forward;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.decoder.LayerSpec;
import dev.fewbit.model.decoder.NormSpec;

/** The norms of a decoder layer whose outputs linears read, in the graph's order. Others cannot be replaced. */
public enum LayerNorm {
    /** In front of attention. */
    INPUT,
    /** In front of the MLP. */
    MIDDLE;

    /** Its description in a layer. */
    public NormSpec in(LayerSpec layer) {
        return switch (this) {
            case INPUT -> layer.attentionNorm();
            case MIDDLE -> layer.mlpNorm();
        };
    }

    /** Name of its gains in the checkpoint. */
    public String weight(ModelConfig config, int layer) {
        return in(config.decoder().layers().get(layer)).weight();
    }
}
