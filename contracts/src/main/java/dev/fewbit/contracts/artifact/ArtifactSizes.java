package dev.fewbit.contracts.artifact;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The three sizes of an artifact, in bytes.
 *
 * @param storedBytes of {@code weights.bin} and {@code model.onnx} on disk: the study's measure
 * @param residentBytes of the weights as they are held when loaded, see {@code residentAs}
 * @param residentAs runtime, device and mode that {@code residentBytes} holds for
 * @param idealBytes codes, scales and zero points at their nominal widths, and the other weights at 16 bits
 * @param linearStoredBytes of the decoder linears' codes, scales and zero points on disk
 * @param bitsPerWeight {@code linearStoredBytes} over the decoder linears' weights, in bits
 */
public record ArtifactSizes(
        @JsonProperty(value = "storedBytes", required = true)
        long storedBytes,

        @JsonProperty(value = "residentBytes", required = true)
        long residentBytes,

        @JsonProperty(value = "residentAs", required = true) String residentAs,
        @JsonProperty(value = "idealBytes", required = true) long idealBytes,

        @JsonProperty(value = "linearStoredBytes", required = true)
        long linearStoredBytes,

        @JsonProperty(value = "bitsPerWeight", required = true)
        double bitsPerWeight) {}
