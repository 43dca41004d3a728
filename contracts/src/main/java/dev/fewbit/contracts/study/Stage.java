package dev.fewbit.contracts.study;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** The stages of a study's work; they overlap in time. */
public enum Stage {
    @JsonProperty("quantize")
    QUANTIZE,
    @JsonProperty("generate")
    GENERATE,
    @JsonProperty("execute")
    EXECUTE;

    /** The name in files and reports. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
