package dev.fewbit.contracts.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.fewbit.contracts.InvalidSpecException;

/**
 * How completions are drawn. Logits are divided by the temperature, cut to the {@code top_k} largest, then to the
 * smallest set whose probability reaches {@code top_p}, in the order of {@code transformers}' warpers.
 *
 * @param temperature 0 is greedy; default 0.2
 * @param topP in (0, 1]; default 0.95
 * @param topK 1 to 50 (the graph returns 50 logits a row); default 50
 * @param maxNewTokens of a completion, 1 to 100000; default 300
 * @param seed a sample's random numbers depend on (seed, problem, index) alone; default 0
 * @param mode {@code exact} (default) keeps activations at full precision; {@code fast} rounds them to int8
 */
@JsonPropertyOrder({"temperature", "top_p", "top_k", "max_new_tokens", "seed", "mode"})
public record DecodingSpec(
        @JsonProperty("temperature") Double temperature,
        @JsonProperty("top_p") Double topP,
        @JsonProperty("top_k") Integer topK,
        @JsonProperty("max_new_tokens") Integer maxNewTokens,
        @JsonProperty("seed") Long seed,
        @JsonProperty("mode") ExecutionMode mode) {

    /** How many logits a step brings back a row: the largest {@code top_k}. */
    public static final int MOST_TOP_K = 50;

    private static final double HIGHEST_TEMPERATURE = 100;
    private static final int MOST_NEW_TOKENS = 100_000;

    public DecodingSpec {
        temperature = temperature == null ? Double.valueOf(0.2) : temperature;
        topP = topP == null ? Double.valueOf(0.95) : topP;
        topK = topK == null ? Integer.valueOf(MOST_TOP_K) : topK;
        maxNewTokens = maxNewTokens == null ? Integer.valueOf(300) : maxNewTokens;
        seed = seed == null ? Long.valueOf(0) : seed;
        mode = mode == null ? ExecutionMode.EXACT : mode;
        if (!(temperature >= 0 && temperature <= HIGHEST_TEMPERATURE)) {
            throw new InvalidSpecException("temperature", temperature, "0 to 100");
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new InvalidSpecException("top_p", topP, "above 0, at most 1");
        }
        if (topK < 1 || topK > MOST_TOP_K) {
            throw new InvalidSpecException("top_k", topK, "1 to " + MOST_TOP_K);
        }
        if (maxNewTokens < 1 || maxNewTokens > MOST_NEW_TOKENS) {
            throw new InvalidSpecException("max_new_tokens", maxNewTokens, "1 to " + MOST_NEW_TOKENS);
        }
    }

    /** The sampling of arXiv 2503.07103: temperature 0.2, top_p 0.95, top_k 50. */
    public static DecodingSpec paper() {
        return new DecodingSpec(null, null, null, null, null, null);
    }

    /** The most likely token at every step. */
    public static DecodingSpec greedy(int maxNewTokens) {
        return new DecodingSpec(0.0, 1.0, 1, maxNewTokens, null, null);
    }
}
