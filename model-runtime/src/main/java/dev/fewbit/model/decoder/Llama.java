package dev.fewbit.model.decoder;

/** Llama: CodeLlama, DeepSeek-Coder, SmolLM2, Yi-Coder, OpenCoder and Granite-Code are all of it. */
public record Llama() implements Architecture {
    @Override
    public String name() {
        return "LlamaForCausalLM";
    }

    @Override
    public String modelType() {
        return "llama";
    }

    @Override
    public DecoderSpec read(ConfigValues config) {
        boolean biased = config.flag("attention_bias", false);
        return new DecoderBuilder(this, config.or("max_position_embeddings", 2048))
                .attentionBias(biased, biased)
                .mlpBias(config.flag("mlp_bias", false))
                .build();
    }
}
