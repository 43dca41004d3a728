package dev.fewbit.model.decoder;

import java.util.List;
import java.util.Map;

/**
 * A kind of decoder: how its {@code config.json} is read, and where its checkpoints keep tensors.
 *
 * <p>Tensors have one name, whatever a checkpoint calls them: {@code model.layers.N.self_attn.{q,k,v,o}_proj.weight}, {@code
 * model.layers.N.mlp.{gate,up,down}_proj.weight} and so on, as most checkpoints do; a recipe's overrides match these. What a checkpoint holds
 * fused is seen as its parts.
 */
public sealed interface Architecture
        permits Llama, Mistral, Qwen2, Qwen3, StarCoder2, GptBigCode, Phi3, Gemma, Gemma2, Granite {
    /** Name of the embedding's weight. */
    String EMBEDDING = "model.embed_tokens.weight";

    /** Name of an untied head's weight. */
    String HEAD = "lm_head.weight";

    /** All there are. */
    static List<Architecture> all() {
        return List.of(
                new Llama(),
                new Mistral(),
                new Qwen2(),
                new Qwen3(),
                new StarCoder2(),
                new GptBigCode(),
                new Phi3(),
                new Gemma(),
                new Gemma2(),
                new Granite());
    }

    /**
     * The one that a configuration names by {@code architectures}, or by {@code model_type} where it has no such key.
     *
     * @throws InvalidConfigurationException when we know none of that name, or the checkpoint is a quantized one
     */
    static Architecture of(ConfigValues config) {
        if (config.has("quantization_config")) {
            throw config.invalid("quantization_config", "absent: an unquantized checkpoint");
        }
        boolean byClass = config.has("architectures") || !config.has("model_type");
        String key = byClass ? "architectures" : "model_type";
        String named = byClass ? config.onlyText(key) : config.text(key, "");
        return all().stream()
                .filter(architecture -> (byClass ? architecture.name() : architecture.modelType()).equals(named))
                .findFirst()
                .orElseThrow(() -> config.invalid(key, known(byClass)));
    }

    /** The one of a description. */
    static Architecture of(DecoderSpec decoder) {
        return all().stream()
                .filter(architecture -> architecture.name().equals(decoder.architecture()))
                .findFirst()
                .orElseThrow();
    }

    private static String known(boolean byClass) {
        List<String> names = all().stream()
                .map(architecture -> byClass ? architecture.name() : architecture.modelType())
                .toList();
        return "one of " + ConfigValues.quoted(names);
    }

    /** As {@code architectures} has it, such as {@code LlamaForCausalLM}. */
    String name();

    /** As {@code model_type} has it, such as {@code llama}. */
    String modelType();

    /**
     * The decoder that a configuration asks for.
     *
     * @throws InvalidConfigurationException when a key is missing, or asks for what is not built
     */
    DecoderSpec read(ConfigValues config);

    /** By our name: the tensors that checkpoints name otherwise or hold fused. */
    default Map<String, StoredRows> stored(DecoderSpec decoder) {
        return Map.of();
    }
}
