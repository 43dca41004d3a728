package dev.fewbit.model.decoding;

import dev.fewbit.model.architecture.DecoderGraph;

/**
 * How tokens are drawn.
 *
 * @param temperature 0 takes the likeliest token
 * @param topP in (0, 1]
 * @param topK 1 to 50, which is what the graph brings back
 * @param maxNewTokens of a completion
 * @param seed of the random numbers
 */
public record DecodingParameters(double temperature, double topP, int topK, int maxNewTokens, long seed) {
    public DecodingParameters {
        if (!(temperature >= 0)) {
            throw new IllegalArgumentException("temperature " + temperature + ": 0 or more");
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("topP " + topP + ": above 0, at most 1");
        }
        if (topK < 1 || topK > DecoderGraph.TOP) {
            throw new IllegalArgumentException("topK " + topK + ": 1 to " + DecoderGraph.TOP);
        }
        if (maxNewTokens < 1) {
            throw new IllegalArgumentException("maxNewTokens " + maxNewTokens + ": at least 1");
        }
    }

    /** The likeliest token at every step. */
    public static DecodingParameters greedy(int maxNewTokens) {
        return new DecodingParameters(0, 1, 1, maxNewTokens, 0);
    }
}
