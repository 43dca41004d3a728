package dev.fewbit.model.decoding;

import dev.fewbit.model.session.Decoder;
import java.util.OptionalInt;

/**
 * How tokens are drawn.
 *
 * @param temperature 0 takes the likeliest token
 * @param topP in (0, 1]
 * @param topK at least 1, and at most what the graph brings back of a row, see {@link Decoder#top}
 * @param maxNewTokens of a completion; empty: as many as the length allows
 * @param maxLength of prompt and completion together; empty: as many as a slot holds
 * @param seed of the random numbers
 */
public record DecodingParameters(
        double temperature, double topP, int topK, OptionalInt maxNewTokens, OptionalInt maxLength, long seed) {
    public DecodingParameters {
        if (!(temperature >= 0)) {
            throw new IllegalArgumentException("temperature " + temperature + ": 0 or more");
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("topP " + topP + ": above 0, at most 1");
        }
        if (topK < 1) {
            throw new IllegalArgumentException("topK " + topK + ": at least 1");
        }
        if (maxNewTokens.isPresent() && maxNewTokens.getAsInt() < 1) {
            throw new IllegalArgumentException("maxNewTokens " + maxNewTokens.getAsInt() + ": at least 1");
        }
        if (maxLength.isPresent() && maxLength.getAsInt() < 2) {
            throw new IllegalArgumentException("maxLength " + maxLength.getAsInt() + ": at least 2");
        }
    }

    public DecodingParameters(double temperature, double topP, int topK, int maxNewTokens, long seed) {
        this(temperature, topP, topK, OptionalInt.of(maxNewTokens), OptionalInt.empty(), seed);
    }

    /** The likeliest token at every step. */
    public static DecodingParameters greedy(int maxNewTokens) {
        return new DecodingParameters(0, 1, 1, maxNewTokens, 0);
    }

    /** @throws IllegalArgumentException when a decoder brings back too little for these, or has no room for them */
    void requireFits(Decoder decoder) {
        if (topK > decoder.top()) {
            throw new IllegalArgumentException(
                    "topK " + topK + ": the model's graph brings back " + decoder.top() + " logits a row");
        }
        if (maxLength.isPresent() && maxLength.getAsInt() > decoder.maxLength()) {
            throw new IllegalArgumentException("maxLength " + maxLength.getAsInt() + ": a slot of this engine holds "
                    + decoder.maxLength() + " tokens");
        }
    }
}
