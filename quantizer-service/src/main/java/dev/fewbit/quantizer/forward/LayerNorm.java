package dev.fewbit.quantizer.forward;

/** The norms of a decoder layer, in the graph's order. */
public enum LayerNorm {
    /** In front of attention. */
    INPUT("input_layernorm"),
    /** In front of the MLP. */
    MIDDLE("post_attention_layernorm");

    private final String part;

    LayerNorm(String part) {
        this.part = part;
    }

    /** Name of its gains in the checkpoint. */
    public String weight(int layer) {
        return "model.layers." + layer + "." + part + ".weight";
    }
}
