package dev.fewbit.contracts.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fewbit.contracts.evaluation.BenchmarkSpec;
import dev.fewbit.contracts.evaluation.DecodingSpec;
import java.util.UUID;

/**
 * Judge an artifact on a benchmark.
 *
 * @param evaluationId the same for repeats of one request
 * @param studyId that asked
 * @param artifactId to load from the object store
 * @param benchmark whose problems are solved
 * @param samples a problem (n)
 * @param decoding how completions are drawn, resolved for the benchmark
 */
public record EvaluationRequest(
        @JsonProperty(value = "schemaVersion", required = true)
        int schemaVersion,

        @JsonProperty(value = "eventId", required = true) UUID eventId,
        @JsonProperty(value = "team", required = true) String team,

        @JsonProperty(value = "evaluationId", required = true)
        UUID evaluationId,

        @JsonProperty(value = "studyId", required = true) UUID studyId,
        @JsonProperty(value = "artifactId", required = true) String artifactId,
        @JsonProperty(value = "benchmark", required = true) BenchmarkSpec benchmark,
        @JsonProperty(value = "samples", required = true) int samples,
        @JsonProperty(value = "decoding", required = true) DecodingSpec decoding)
        implements Event {
    public EvaluationRequest {
        decoding = decoding == null || benchmark == null ? decoding : decoding.forBenchmark(benchmark.name());
    }
}
