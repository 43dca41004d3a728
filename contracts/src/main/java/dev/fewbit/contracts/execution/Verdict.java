package dev.fewbit.contracts.execution;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** What became of a program. */
public enum Verdict {
    /** The tests ran to their end and held. */
    @JsonProperty("passed")
    PASSED,
    /** A test's assertion failed. */
    @JsonProperty("assertion-failed")
    ASSERTION_FAILED,
    /** It raised, was refused something, or ended before its tests did, whatever its exit status. */
    @JsonProperty("raised")
    RAISED,
    @JsonProperty("compile-failed")
    COMPILE_FAILED,
    @JsonProperty("timed-out")
    TIMED_OUT,
    @JsonProperty("memory-exceeded")
    MEMORY_EXCEEDED,
    @JsonProperty("output-exceeded")
    OUTPUT_EXCEEDED,
    /** The sandbox failed, not the program: retried, and never counted as a sample. */
    @JsonProperty("infrastructure-fault")
    INFRASTRUCTURE_FAULT;

    /** The name in files and reports. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String toString() {
        return label();
    }
}
