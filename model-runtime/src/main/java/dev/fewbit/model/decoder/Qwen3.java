package dev.fewbit.model.decoder;

/** Qwen3: Llama with a norm over each head's queries and keys. */
public record Qwen3() implements Architecture {
    @Override
    public String name() {
        return "Qwen3ForCausalLM";
    }

    @Override
    public String modelType() {
        return "qwen3";
    }

    @Override
    public DecoderSpec read(ConfigValues config) {
        ConfigValues filled = config.or("max_position_embeddings", 32_768)
                .or("num_key_value_heads", 32)
                .or("head_dim", 128);
        boolean biased = config.flag("attention_bias", false);
        return new DecoderBuilder(this, QwenWindows.filled(filled))
                .attentionBias(biased, biased)
                .headNorms()
                .windowed(QwenWindows.layers(filled))
                .build();
    }
}
