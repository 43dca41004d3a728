package dev.fewbit.contracts.execution;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** A language the sandbox executes. */
public enum ProgramLanguage {
    @JsonProperty("python")
    PYTHON,
    @JsonProperty("java")
    JAVA;

    /** The name in files and reports. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return label();
    }
}
