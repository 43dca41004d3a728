package dev.fewbit.quantizer.forward;

/** The linears of a decoder layer, in the graph's order. */
public enum LayerLinear {
    QUERY("self_attn.q_proj"),
    KEY("self_attn.k_proj"),
    VALUE("self_attn.v_proj"),
    ATTENTION_OUTPUT("self_attn.o_proj"),
    GATE("mlp.gate_proj"),
    UP("mlp.up_proj"),
    DOWN("mlp.down_proj");

    private final String part;

    LayerLinear(String part) {
        this.part = part;
    }

    /** Its name within a layer. */
    public String part() {
        return part;
    }

    /** Name of its weight in the checkpoint. */
    public String weight(int layer) {
        return "model.layers." + layer + "." + part + ".weight";
    }
}
