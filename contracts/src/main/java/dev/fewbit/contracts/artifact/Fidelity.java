package dev.fewbit.contracts.artifact;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Fidelity to the 16-bit model on held-out text.
 *
 * @param code on held-out code, {@code null} when not measured
 * @param text on held-out prose, {@code null} when not measured
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Fidelity(
        @JsonProperty("code") TextFidelity code,
        @JsonProperty("text") TextFidelity text) {}
