package dev.fewbit.contracts.artifact;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How far rounding moved one linear.
 *
 * @param name of the weight in the checkpoint
 * @param bits its codes have
 * @param relativeError {@code ||W' - W|| / ||W||} (Frobenius)
 */
public record LayerError(
        @JsonProperty(value = "name", required = true) String name,
        @JsonProperty(value = "bits", required = true) int bits,

        @JsonProperty(value = "relativeError", required = true)
        double relativeError) {}
