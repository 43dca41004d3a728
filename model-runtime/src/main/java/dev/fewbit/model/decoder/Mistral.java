package dev.fewbit.model.decoder;

/** Mistral and Codestral: Llama whose layers see a window, where the configuration has one. */
public record Mistral() implements Architecture {
    @Override
    public String name() {
        return "MistralForCausalLM";
    }

    @Override
    public String modelType() {
        return "mistral";
    }

    @Override
    public DecoderSpec read(ConfigValues config) {
        ConfigValues filled = config.or("max_position_embeddings", 131_072)
                .or("num_key_value_heads", 8)
                .or("sliding_window", 4096);
        return new DecoderBuilder(this, filled).windowed(layer -> true).build();
    }
}
