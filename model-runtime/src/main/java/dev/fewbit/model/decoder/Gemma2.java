package dev.fewbit.model.decoder;

import java.util.OptionalDouble;

/** Gemma-2: Gemma with norms behind attention and MLP, soft caps, a scale of its own, and a window in every other layer. */
public record Gemma2() implements Architecture {
    @Override
    public String name() {
        return "Gemma2ForCausalLM";
    }

    @Override
    public String modelType() {
        return "gemma2";
    }

    @Override
    public DecoderSpec read(ConfigValues config) {
        ConfigValues filled = config.or("num_key_value_heads", 4)
                .or("sliding_window", 4096)
                .or("query_pre_attn_scalar", 256)
                .or("attn_logit_softcapping", 50)
                .or("final_logit_softcapping", 30);
        OptionalDouble attention = filled.optionalPositive("attn_logit_softcapping");
        return Gemma.builder(this, filled, "hidden_activation")
                .outputNorms()
                .scale(1 / Math.sqrt(filled.positive("query_pre_attn_scalar")))
                .softCaps(attention, filled.optionalPositive("final_logit_softcapping"))
                .windowed(layer -> layer % 2 == 0)
                .build();
    }
}
