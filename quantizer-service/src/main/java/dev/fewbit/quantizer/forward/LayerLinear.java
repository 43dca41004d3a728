package dev.fewbit.quantizer.forward;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.decoder.AttentionSpec;
import dev.fewbit.model.decoder.LayerSpec;
import dev.fewbit.model.decoder.LinearSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The linears of a decoder layer, in the graph's order. */
public enum LayerLinear {
    QUERY("self_attn.q_proj"),
    KEY("self_attn.k_proj"),
    VALUE("self_attn.v_proj"),
    ATTENTION_OUTPUT("self_attn.o_proj"),
    /** Where the MLP is gated. */
    GATE("mlp.gate_proj"),
    UP("mlp.up_proj"),
    DOWN("mlp.down_proj");

    private final String part;

    LayerLinear(String part) {
        this.part = part;
    }

    /** Those that the layers of a decoder have. */
    public static List<LayerLinear> of(ModelConfig config) {
        LayerSpec layer = config.decoder().layers().getFirst();
        return Arrays.stream(values())
                .filter(linear -> linear.find(layer).isPresent())
                .toList();
    }

    /** Its name within a layer. */
    public String part() {
        return part;
    }

    /** Name of its weight in the checkpoint. */
    public String weight(int layer) {
        return "model.layers." + layer + "." + part + ".weight";
    }

    /** Its description in a layer that has it. */
    public LinearSpec in(LayerSpec layer) {
        return find(layer).orElseThrow(() -> new IllegalArgumentException("the layer has no " + part));
    }

    private Optional<LinearSpec> find(LayerSpec layer) {
        AttentionSpec attention = layer.attention();
        return switch (this) {
            case QUERY -> Optional.of(attention.query());
            case KEY -> Optional.of(attention.key());
            case VALUE -> Optional.of(attention.value());
            case ATTENTION_OUTPUT -> Optional.of(attention.output());
            case GATE -> layer.mlp().gate();
            case UP -> Optional.of(layer.mlp().up());
            case DOWN -> Optional.of(layer.mlp().down());
        };
    }
}
