package dev.fewbit.model.decoder;

import java.util.LinkedHashMap;
import java.util.Map;

/** Phi-3, Phi-3.5 and Phi-4: Llama with a window in some, LongRoPE in others, and fused weights. */
public record Phi3() implements Architecture {
    @Override
    public String name() {
        return "Phi3ForCausalLM";
    }

    @Override
    public String modelType() {
        return "phi3";
    }

    @Override
    public DecoderSpec read(ConfigValues config) {
        config.requireFlag("attention_bias", false);
        config.requireFlag("mlp_bias", false);
        config.requireFlag("lm_head_bias", false);
        ConfigValues filled = config.or("max_position_embeddings", 4096)
                .or("original_max_position_embeddings", 4096)
                .or("rms_norm_eps", 1e-5);
        return new DecoderBuilder(this, filled)
                .partialRotary()
                .windowed(layer -> true)
                .build();
    }

    @Override
    public Map<String, StoredRows> stored(DecoderSpec decoder) {
        Map<String, StoredRows> stored = new LinkedHashMap<>();
        for (int i = 0; i < decoder.layers().size(); i++) {
            LayerSpec layer = decoder.layers().get(i);
            String prefix = "model.layers." + i + ".";
            StoredRows.fuse(
                    stored, prefix + "self_attn.qkv_proj", layer.attention().inputs());
            StoredRows.fuse(stored, prefix + "mlp.gate_up_proj", layer.mlp().inputs());
        }
        return stored;
    }
}
