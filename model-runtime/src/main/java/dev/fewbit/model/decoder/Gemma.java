package dev.fewbit.model.decoder;

/** Gemma and CodeGemma: norms add 1 to their gains, the embedding is multiplied by the root of its width, GELU in the gate, the head tied. */
public record Gemma() implements Architecture {
    @Override
    public String name() {
        return "GemmaForCausalLM";
    }

    @Override
    public String modelType() {
        return "gemma";
    }

    @Override
    public DecoderSpec read(ConfigValues config) {
        return builder(this, config.or("num_key_value_heads", 16), "hidden_act").build();
    }

    /** What Gemma and Gemma-2 share. */
    static DecoderBuilder builder(Architecture architecture, ConfigValues config, String activationKey) {
        config.requireFlag("use_bidirectional_attention", false);
        boolean biased = config.flag("attention_bias", false);
        ConfigValues filled = config.or("max_position_embeddings", 8192).or("head_dim", 256);
        return new DecoderBuilder(architecture, filled)
                .attentionBias(biased, biased)
                .normOffset(1)
                .activation(activation(config, activationKey))
                .multipliers((float) Math.sqrt(config.size("hidden_size")), 1, 1)
                .tied();
    }

    /** The releases say {@code gelu} and mean its tanh form. */
    private static Activation activation(ConfigValues config, String own) {
        String key = config.has("hidden_activation") ? "hidden_activation" : own;
        String name = config.text(key, "gelu_pytorch_tanh");
        return Activation.of(name)
                .map(named -> named == Activation.GELU ? Activation.GELU_TANH : named)
                .orElseThrow(() -> config.invalid(key, ConfigValues.quoted(Activation.allNames())));
    }
}
