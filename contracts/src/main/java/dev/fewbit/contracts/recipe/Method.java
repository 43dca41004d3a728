package dev.fewbit.contracts.recipe;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How weights are mapped to codes. */
public enum Method {
    /** Weights stay at 16 bits: the baseline. */
    @JsonProperty("none")
    NONE("none"),
    /** Round to nearest. */
    @JsonProperty("rtn")
    RTN("rtn");

    private final String label;

    Method(String label) {
        this.label = label;
    }

    /** The name in files and reports. */
    public String label() {
        return label;
    }

    @Override
    public String toString() {
        return label;
    }
}
