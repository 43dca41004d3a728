package dev.fewbit.contracts.study;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** Where a study stands. */
public enum StudyState {
    @JsonProperty("running")
    RUNNING,
    @JsonProperty("completed")
    COMPLETED,
    @JsonProperty("failed")
    FAILED,
    @JsonProperty("cancelled")
    CANCELLED;

    /** Nothing will change any more. */
    public boolean isFinal() {
        return this != RUNNING;
    }

    /** The name in files and reports. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
