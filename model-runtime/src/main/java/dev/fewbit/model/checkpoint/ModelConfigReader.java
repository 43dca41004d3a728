package dev.fewbit.model.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Reads {@code config.json} and, where it is there, {@code generation_config.json}. A key that would change the arithmetic in
 * a way that is not built is refused, never ignored.
 */
final class ModelConfigReader {
    static final String CONFIG = "config.json";
    static final String GENERATION_CONFIG = "generation_config.json";

    private static final JsonMapper JSON = new JsonMapper();
    private static final String LLAMA = "LlamaForCausalLM";
    private static final String SILU = "silu";
    /** GroupQueryAttention rotates heads of such widths only. */
    private static final int HEAD_DIM_STEP = 16;

    private static final int LARGEST_SIZE = 1 << 24;

    private final Path file;
    private final JsonNode config;

    private ModelConfigReader(Path file, JsonNode config) {
        this.file = file;
        this.config = config;
    }

    static ModelConfig read(Path directory) throws IOException {
        Path file = directory.resolve(CONFIG);
        return new ModelConfigReader(file, parse(file)).config(directory.resolve(GENERATION_CONFIG));
    }

    private ModelConfig config(Path generationConfig) throws IOException {
        refuseWhatIsNotBuilt();
        int hiddenSize = size("hidden_size");
        int heads = size("num_attention_heads");
        int kvHeads = present("num_key_value_heads") ? size("num_key_value_heads") : heads;
        if (heads % kvHeads != 0) {
            throw invalid("num_key_value_heads", kvHeads, "a divisor of num_attention_heads, " + heads);
        }
        if (!present("head_dim") && hiddenSize % heads != 0) {
            throw invalid("num_attention_heads", heads, "a divisor of hidden_size, " + hiddenSize);
        }
        int headDim = present("head_dim") ? size("head_dim") : hiddenSize / heads;
        if (headDim % HEAD_DIM_STEP != 0) {
            throw invalid("head_dim", headDim, "a multiple of " + HEAD_DIM_STEP);
        }
        int vocabSize = size("vocab_size");
        List<Integer> eos = new ArrayList<>();
        if (Files.exists(generationConfig)) {
            eos.addAll(tokens(generationConfig, parse(generationConfig), "eos_token_id", vocabSize));
        }
        if (eos.isEmpty()) {
            eos.addAll(tokens(file, config, "eos_token_id", vocabSize));
        }
        List<Integer> bos = tokens(file, config, "bos_token_id", vocabSize);
        return new ModelConfig(
                LLAMA,
                vocabSize,
                hiddenSize,
                size("intermediate_size"),
                size("num_hidden_layers"),
                heads,
                kvHeads,
                headDim,
                positive(config, "rms_norm_eps", 1e-6),
                positive(present("rope_parameters") ? config.get("rope_parameters") : config, "rope_theta", 10_000),
                present("max_position_embeddings") ? size("max_position_embeddings") : 2048,
                config.path("tie_word_embeddings").asBoolean(false),
                bos.isEmpty() ? OptionalInt.empty() : OptionalInt.of(bos.getFirst()),
                eos,
                SILU);
    }

    private void refuseWhatIsNotBuilt() {
        JsonNode architectures = config.path("architectures");
        if (!architectures.isArray()
                || architectures.size() != 1
                || !architectures.get(0).asText().equals(LLAMA)) {
            throw invalid("architectures", architectures.isMissingNode() ? null : architectures, "[\"" + LLAMA + "\"]");
        }
        if (present("rope_scaling")) {
            throw invalid("rope_scaling", config.get("rope_scaling"), "null or absent: plain rotary positions");
        }
        JsonNode ropeType = config.path("rope_parameters").path("rope_type");
        if (!ropeType.isMissingNode() && !ropeType.asText().equals("default")) {
            throw invalid("rope_parameters.rope_type", ropeType, "\"default\": plain rotary positions");
        }
        if (present("quantization_config")) {
            throw invalid(
                    "quantization_config", config.get("quantization_config"), "absent: an unquantized checkpoint");
        }
        for (String key : List.of("attention_bias", "mlp_bias")) {
            if (present(key) && !config.get(key).equals(JSON.getNodeFactory().booleanNode(false))) {
                throw invalid(key, config.get(key), "false or absent");
            }
        }
        if (present("hidden_act") && !config.get("hidden_act").asText().equals(SILU)) {
            throw invalid("hidden_act", config.get("hidden_act"), "\"" + SILU + "\"");
        }
    }

    private boolean present(String key) {
        return config.hasNonNull(key);
    }

    private int size(String key) {
        JsonNode value = config.path(key);
        if (!value.isInt() || value.asInt() < 1 || value.asInt() > LARGEST_SIZE) {
            throw invalid(key, value.isMissingNode() ? null : value, "a whole number from 1 to " + LARGEST_SIZE);
        }
        return value.asInt();
    }

    private double positive(JsonNode object, String key, double absent) {
        JsonNode value = object.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return absent;
        }
        if (!value.isNumber() || !(value.asDouble() > 0)) {
            throw invalid(key, value, "a number above 0");
        }
        return value.asDouble();
    }

    private static List<Integer> tokens(Path file, JsonNode object, String key, int vocabSize) {
        JsonNode value = object.path(key);
        List<Integer> tokens = new ArrayList<>();
        for (JsonNode token : value.isArray() ? value : List.of(value)) {
            if (token.isMissingNode() || token.isNull()) {
                continue;
            }
            if (!token.isInt() || token.asInt() < 0 || token.asInt() >= vocabSize) {
                throw invalid(file, key, value, "token ids from 0 to " + (vocabSize - 1));
            }
            tokens.add(token.asInt());
        }
        return tokens;
    }

    private static JsonNode parse(Path file) throws IOException {
        try {
            JsonNode root = JSON.readTree(Files.readAllBytes(file));
            if (root.isObject()) {
                return root;
            }
        } catch (JsonProcessingException e) {
            throw new InvalidCheckpointException(
                    file,
                    "not valid JSON: "
                            + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
        throw new InvalidCheckpointException(file, "not a JSON object");
    }

    private InvalidCheckpointException invalid(String key, Object value, String allowed) {
        return invalid(file, key, value, allowed);
    }

    private static InvalidCheckpointException invalid(Path file, String key, Object value, String allowed) {
        return new InvalidCheckpointException(
                file,
                value == null
                        ? key + " is missing; allowed: " + allowed
                        : key + " is " + value + "; allowed: " + allowed);
    }
}
