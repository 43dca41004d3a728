package dev.fewbit.model.decoder;

import java.util.LinkedHashMap;
import java.util.Map;

/** StarCoder2: layer norms, biases everywhere, an MLP of two linears, rotary positions, a window. */
public record StarCoder2() implements Architecture {
    @Override
    public String name() {
        return "Starcoder2ForCausalLM";
    }

    @Override
    public String modelType() {
        return "starcoder2";
    }

    @Override
    public DecoderSpec read(ConfigValues config) {
        config.requireText("mlp_type", "default");
        config.requireText("norm_type", "layer_norm");
        boolean biased = config.flag("use_bias", true);
        ConfigValues filled = config.renamed(Map.of("rms_norm_eps", "norm_epsilon"))
                .or("rms_norm_eps", 1e-5)
                .or("max_position_embeddings", 4096)
                .or("num_key_value_heads", 2)
                .or("hidden_act", "gelu_pytorch_tanh");
        return new DecoderBuilder(this, filled)
                .layerNorms()
                .attentionBias(biased, biased)
                .mlpBias(biased)
                .ungated()
                .windowed(layer -> true)
                .tied()
                .build();
    }

    @Override
    public Map<String, StoredRows> stored(DecoderSpec decoder) {
        Map<String, StoredRows> stored = new LinkedHashMap<>();
        for (LayerSpec layer : decoder.layers()) {
            StoredRows.rename(stored, layer.mlp().up(), "up_proj", "c_fc");
            StoredRows.rename(stored, layer.mlp().down(), "down_proj", "c_proj");
        }
        return stored;
    }
}
