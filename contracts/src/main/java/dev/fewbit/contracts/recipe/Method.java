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
    /** Round to nearest after scaling channels by how large their inputs are, calibrated. */
    @JsonProperty("awq")
    AWQ("awq"),
    /** Column by column with compensation of each rounding error, calibrated. */
    @JsonProperty("gptq")
    GPTQ("gptq"),
    /** GPTQ with searched ranges, full-precision targets, coordinate descent and refitted scales. */
    @JsonProperty("gptq+")
    GPTQ_PLUS("gptq+"),
    /** From {@code gptq+}, codes and scales trained against the 16-bit model's distribution. */
    @JsonProperty("gptq+tuned")
    GPTQ_PLUS_TUNED("gptq+tuned");

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
        return this != NONE && this != RTN;
    }

    /** Whether it is {@code gptq+} or starts from it. */
    public boolean improved() {
        return this == GPTQ_PLUS || this == GPTQ_PLUS_TUNED;
    }

    @Override
    public String toString() {
        return label;
    }
}
