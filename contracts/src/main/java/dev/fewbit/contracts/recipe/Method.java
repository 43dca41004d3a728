package dev.fewbit.contracts.recipe;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How weights are mapped to codes. */
public enum Method {
    /** Weights stay at 16 bits: the baseline. */
    @JsonProperty("none")
    NONE("none"),
    /** Round to nearest. */
    @JsonProperty("rtn")
    RTN("rtn"),
    /** Column by column with compensation of each rounding error, calibrated. */
    @JsonProperty("gptq")
    GPTQ("gptq"),
    /** GPTQ with searched ranges, full-precision targets, coordinate descent and refitted scales. */
    @JsonProperty("gptq+")
    GPTQ_PLUS("gptq+");

    private final String label;

    Method(String label) {
        this.label = label;
    }

    /** The name in files and reports. */
    public String label() {
        return label;
    }

    /** Whether it looks at the inputs of linears on calibration text. */
    public boolean calibrated() {
        return this == GPTQ || this == GPTQ_PLUS;
    }

    @Override
    public String toString() {
        return label;
    }
}
