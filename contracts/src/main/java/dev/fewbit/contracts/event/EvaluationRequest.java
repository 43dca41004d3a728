package dev.fewbit.contracts.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fewbit.contracts.evaluation.BenchmarkSpec;
import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.contracts.generation.GeneratorSpec;
import java.util.UUID;

/**
 * Judge an artifact, or a model that is served elsewhere, on a benchmark.
 *
 * @param evaluationId the same for repeats of one request
 * @param studyId that asked
 * @param artifactId to load from the object store; {@code null} of a served model
 * @param generator the served model; {@code null} of an artifact
 * @param benchmark whose problems are solved
 * @param samples a problem (n)
 * @param decoding how completions are drawn, resolved for the benchmark
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EvaluationRequest(
        @JsonProperty(value = "schemaVersion", required = true)
        int schemaVersion,

        @JsonProperty(value = "eventId", required = true) UUID eventId,
        @JsonProperty(value = "team", required = true) String team,

        @JsonProperty(value = "evaluationId", required = true)
        UUID evaluationId,

        @JsonProperty(value = "studyId", required = true) UUID studyId,
        @JsonProperty("artifactId") String artifactId,
        @JsonProperty("generator") GeneratorSpec generator,
        @JsonProperty(value = "benchmark", required = true) BenchmarkSpec benchmark,
        @JsonProperty(value = "samples", required = true) int samples,
        @JsonProperty(value = "decoding", required = true) DecodingSpec decoding)
        implements Event {
    public EvaluationRequest {
        decoding = decoding == null || benchmark == null ? decoding : decoding.forBenchmark(benchmark.name());
        if ((artifactId == null) == (generator == null)) {
            throw new IllegalArgumentException("an evaluation is of an artifactId or of a generator");
        }
    }

    /** Of an artifact. */
    public EvaluationRequest(
            int schemaVersion,
            UUID eventId,
            String team,
            UUID evaluationId,
            UUID studyId,
            String artifactId,
            BenchmarkSpec benchmark,
            int samples,
            DecodingSpec decoding) {
        this(schemaVersion, eventId, team, evaluationId, studyId, artifactId, null, benchmark, samples, decoding);
    }

    /** The artifact's id, or what stands for it of a served model. */
    public String subject() {
        return generator == null ? artifactId : generator.subject();
    }
}
