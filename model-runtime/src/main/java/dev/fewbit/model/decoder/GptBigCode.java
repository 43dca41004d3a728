package dev.fewbit.model.decoder;

import java.util.LinkedHashMap;
import java.util.Map;

/** GPT-BigCode, that is SantaCoder and StarCoder: layer norms, biases, learned positions, one head of keys and values for all queries. */
public record GptBigCode() implements Architecture {
    private static final String POSITIONS = "model.embed_positions.weight";
    private static final Map<String, String> KEYS = Map.of(
            "hidden_size", "n_embd",
            "intermediate_size", "n_inner",
            "num_hidden_layers", "n_layer",
            "num_attention_heads", "n_head",
            "max_position_embeddings", "n_positions",
            "hidden_act", "activation_function",
            "rms_norm_eps", "layer_norm_epsilon");

    @Override
    public String name() {
        return "GPTBigCodeForCausalLM";
    }

    @Override
    public String modelType() {
        return "gpt_bigcode";
    }

    @Override
    public DecoderSpec read(ConfigValues config) {
        config.requireFlag("multi_query", true);
        config.requireFlag("scale_attn_weights", true);
        config.requireFlag("add_cross_attention", false);
        ConfigValues renamed = config.renamed(KEYS);
        ConfigValues filled = renamed.or("max_position_embeddings", 1024)
                .or("rms_norm_eps", 1e-5)
                .or("hidden_act", "gelu_pytorch_tanh")
                .or("num_key_value_heads", 1);
        if (!renamed.has("intermediate_size")) {
            filled = filled.without("intermediate_size").or("intermediate_size", 4.0 * renamed.size("hidden_size"));
        }
        return new DecoderBuilder(this, filled)
                .layerNorms()
                .attentionBias(true, true)
                .mlpBias(true)
                .ungated()
                .learnedPositions(POSITIONS)
                .tied()
                .build();
    }

    @Override
    public Map<String, StoredRows> stored(DecoderSpec decoder) {
        Map<String, StoredRows> stored = new LinkedHashMap<>();
        stored.put(EMBEDDING, StoredRows.all("transformer.wte.weight"));
        stored.put(POSITIONS, StoredRows.all("transformer.wpe.weight"));
        for (int i = 0; i < decoder.layers().size(); i++) {
            LayerSpec layer = decoder.layers().get(i);
            String prefix = "transformer.h." + i + ".";
            StoredRows.fuse(stored, prefix + "attn.c_attn", layer.attention().inputs());
            StoredRows.place(stored, layer.attention().output(), prefix + "attn.c_proj");
            StoredRows.place(stored, layer.mlp().up(), prefix + "mlp.c_fc");
            StoredRows.place(stored, layer.mlp().down(), prefix + "mlp.c_proj");
            StoredRows.place(stored, layer.attentionNorm(), prefix + "ln_1");
            StoredRows.place(stored, layer.mlpNorm(), prefix + "ln_2");
        }
        StoredRows.place(stored, decoder.lastNorm(), "transformer.ln_f");
        return stored;
    }
}
