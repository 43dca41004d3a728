package dev.fewbit.contracts.artifact;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/**
 * Where an artifact comes from: enough to make the same bytes again.
 *
 * @param checkpointDigest over the checkpoint's config, tokenizer and weights
 * @param calibrationDigest of the token windows used, {@code null} when the method uses none
 * @param toolVersion of Fewbit's quantizer
 * @param deviceClass kind of processor that did the arithmetic, such as {@code cpu}
 * @param versions of what took part: JDK, ONNX opset, ...
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ArtifactProvenance(
        @JsonProperty(value = "checkpointDigest", required = true)
        String checkpointDigest,

        @JsonProperty("calibrationDigest") String calibrationDigest,

        @JsonProperty(value = "toolVersion", required = true)
        String toolVersion,

        @JsonProperty(value = "deviceClass", required = true)
        String deviceClass,

        @JsonProperty(value = "versions", required = true) Map<String, String> versions) {}
