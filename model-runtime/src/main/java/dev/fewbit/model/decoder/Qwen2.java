package dev.fewbit.model.decoder;

/** Qwen2, Qwen2.5 and Qwen2.5-Coder: Llama with biases on queries, keys and values. */
public record Qwen2() implements Architecture {
    @Override
    public String name() {
        return "Qwen2ForCausalLM";
    }

    @Override
    public String modelType() {
        return "qwen2";
    }

    @Override
    public DecoderSpec read(ConfigValues config) {
        ConfigValues filled = config.or("max_position_embeddings", 32_768).or("num_key_value_heads", 32);
        return new DecoderBuilder(this, QwenWindows.filled(filled))
                .attentionBias(true, false)
                .windowed(QwenWindows.layers(filled))
                .build();
    }
}
