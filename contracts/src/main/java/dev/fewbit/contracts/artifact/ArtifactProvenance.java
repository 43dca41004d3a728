package dev.fewbit.contracts.artifact;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/**
 * Where an artifact comes from: enough to make the same bytes again.
 *
 * @param checkpointDigest over the checkpoint's config, tokenizer and weights
 * @param calibrationDigest of the token windows used, {@code null} when the method uses none
 * @param calibration what the windows are, {@code null} when the method uses none
 * @param fidelityTexts digest of the token ids of each held-out text that fidelity was measured on, by its key in {@code fidelity};
 *     {@code null} when it was not measured
 * @param toolVersion of Fewbit's quantizer
 * @param deviceClass kind of processor that did the arithmetic, such as {@code cpu}
 * @param versions of what took part: JDK, ONNX opset, ...
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ArtifactProvenance(
        @JsonProperty(value = "checkpointDigest", required = true)
        String checkpointDigest,

        @JsonProperty("calibrationDigest") String calibrationDigest,
        @JsonProperty("calibration") CalibrationProvenance calibration,
        @JsonProperty("fidelityTexts") Map<String, String> fidelityTexts,

        @JsonProperty(value = "toolVersion", required = true)
        String toolVersion,

        @JsonProperty(value = "deviceClass", required = true)
        String deviceClass,

        @JsonProperty(value = "versions", required = true) Map<String, String> versions) {
    /** Of an artifact that no text had a part in, or of which no more than the windows' digest is known. */
    public ArtifactProvenance(
            String checkpointDigest,
            String calibrationDigest,
            String toolVersion,
            String deviceClass,
            Map<String, String> versions) {
        this(checkpointDigest, calibrationDigest, null, null, toolVersion, deviceClass, versions);
    }
}
