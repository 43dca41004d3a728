package dev.fewbit.model.architecture;

import dev.fewbit.model.checkpoint.ModelConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What {@code model.onnx} says of its decoder beyond the graph, as metadata properties, so that an artifact can be run
 * without the checkpoint it came from.
 *
 * @param architecture such as {@code LlamaForCausalLM}
 * @param maxPositions longest sequence the rotary tables cover
 * @param eosTokenIds tokens that end a completion
 */
public record DecoderMetadata(String architecture, int maxPositions, List<Integer> eosTokenIds) {
    private static final String ARCHITECTURE = "fewbit.architecture";
    private static final String MAX_POSITIONS = "fewbit.max_positions";
    private static final String EOS_TOKEN_IDS = "fewbit.eos_token_ids";

    public DecoderMetadata {
        eosTokenIds = List.copyOf(eosTokenIds);
    }

    static DecoderMetadata of(ModelConfig config) {
        return new DecoderMetadata(config.architecture(), config.maxPositionEmbeddings(), config.eosTokenIds());
    }

    /** As the properties of a model. */
    public Map<String, String> properties() {
        return Map.of(
                ARCHITECTURE,
                architecture,
                MAX_POSITIONS,
                Integer.toString(maxPositions),
                EOS_TOKEN_IDS,
                eosTokenIds.stream().map(String::valueOf).collect(Collectors.joining(",")));
    }

    /**
     * Reads them back.
     *
     * @throws IllegalArgumentException when a property is missing or no number
     */
    public static DecoderMetadata of(Map<String, String> properties) {
        String eos = require(properties, EOS_TOKEN_IDS);
        return new DecoderMetadata(
                require(properties, ARCHITECTURE),
                Integer.parseInt(require(properties, MAX_POSITIONS)),
                eos.isEmpty()
                        ? List.of()
                        : Arrays.stream(eos.split(",")).map(Integer::valueOf).toList());
    }

    private static String require(Map<String, String> properties, String key) {
        String value = properties.get(key);
        if (value == null) {
            throw new IllegalArgumentException("the model has no property " + key);
        }
        return value;
    }
}
