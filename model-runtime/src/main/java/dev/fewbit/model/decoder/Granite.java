package dev.fewbit.model.decoder;

/** Granite 3: Llama with multipliers on embedding, attention, residuals and logits. */
public record Granite() implements Architecture {
    @Override
    public String name() {
        return "GraniteForCausalLM";
    }

    @Override
    public String modelType() {
        return "granite";
    }

    @Override
    public DecoderSpec read(ConfigValues config) {
        boolean biased = config.flag("attention_bias", false);
        return new DecoderBuilder(this, config.or("max_position_embeddings", 2048))
                .attentionBias(biased, biased)
                .mlpBias(config.flag("mlp_bias", false))
                .scale(config.positive("attention_multiplier", 1))
                .multipliers(
                        config.positive("embedding_multiplier", 1),
                        config.positive("residual_multiplier", 1),
                        config.positive("logits_scaling", 1))
                .build();
    }
}
