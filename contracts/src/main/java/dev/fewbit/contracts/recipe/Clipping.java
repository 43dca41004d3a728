package dev.fewbit.contracts.recipe;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How round to nearest chooses the range of a block. */
public enum Clipping {
    /** From the smallest to the largest weight. */
    @JsonProperty("minmax")
    MIN_MAX("minmax"),
    /** The range with the least mean squared error of the block. */
    @JsonProperty("mse")
    MSE("mse");

    private final String label;

    Clipping(String label) {
        this.label = label;
    }

    @Override
    public String toString() {
        return label;
    }
}
