package dev.fewbit.contracts.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** Decoding settings by name; a key that a specification gives itself holds instead of the preset's. */
public enum DecodingPreset {
    /**
     * arXiv 2503.07103: temperature 0.2, top_p 0.95, top_k 50, 20 samples, the prompt stripped, no chat template; prompt and completion
     * together 1,024 tokens for MultiPL-E and 1,500 for McEval.
     */
    @JsonProperty("paper")
    PAPER,
    /** The likeliest token at every step, one sample. */
    @JsonProperty("greedy")
    GREEDY;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
