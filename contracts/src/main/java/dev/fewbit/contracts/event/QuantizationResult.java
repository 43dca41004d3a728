package dev.fewbit.contracts.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fewbit.contracts.artifact.ArtifactProvenance;
import dev.fewbit.contracts.artifact.ArtifactSizes;
import java.util.UUID;

/**
 * A quantization job has ended.
 *
 * @param jobId of the request
 * @param studyId that asked
 * @param attempt that ended it; only the current attempt counts, once
 * @param artifactId digest of the artifact, {@code null} when it failed
 * @param sizes of the artifact, {@code null} when it failed
 * @param provenance of the artifact, {@code null} when it failed
 * @param seconds it took to make the artifact when it was made
 * @param reused the artifact existed before this job
 * @param failure one line for a person, {@code null} when it succeeded
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QuantizationResult(
        @JsonProperty(value = "schemaVersion", required = true)
        int schemaVersion,

        @JsonProperty(value = "eventId", required = true) UUID eventId,
        @JsonProperty(value = "team", required = true) String team,
        @JsonProperty(value = "jobId", required = true) UUID jobId,
        @JsonProperty(value = "studyId", required = true) UUID studyId,
        @JsonProperty(value = "attempt", required = true) int attempt,
        @JsonProperty("artifactId") String artifactId,
        @JsonProperty("sizes") ArtifactSizes sizes,
        @JsonProperty("provenance") ArtifactProvenance provenance,
        @JsonProperty(value = "seconds", required = true) double seconds,
        @JsonProperty(value = "reused", required = true) boolean reused,
        @JsonProperty("failure") String failure)
        implements Event {}
