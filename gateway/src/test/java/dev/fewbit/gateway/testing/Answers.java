package dev.fewbit.gateway.testing;

import dev.fewbit.contracts.artifact.ArtifactProvenance;
import dev.fewbit.contracts.artifact.ArtifactSizes;
import dev.fewbit.contracts.evaluation.EvaluationSummary;
import dev.fewbit.contracts.event.EvaluationResult;
import dev.fewbit.contracts.event.Event;
import dev.fewbit.contracts.event.ProgressReport;
import dev.fewbit.contracts.event.QuantizationResult;
import dev.fewbit.contracts.execution.Verdict;
import dev.fewbit.contracts.study.Stage;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** What the quantizer and the evaluator would say. */
public final class Answers {
    public static final ArtifactProvenance PROVENANCE =
            new ArtifactProvenance("c0ffee", null, "0.1.0", "cpu", Map.of("java", "25"));

    private Answers() {}

    public static ArtifactSizes sizes(long stored) {
        return new ArtifactSizes(stored, stored * 2, "ONNX Runtime, cpu, exact", stored - 100, stored / 2, 4.5);
    }

    public static EvaluationSummary summary(double passAt1, double low, double high) {
        return new EvaluationSummary(
                10,
                2,
                passAt1,
                low,
                high,
                Map.of(Verdict.PASSED, 12, Verdict.ASSERTION_FAILED, 8),
                4.5,
                1000,
                15,
                false,
                null,
                Map.of("engine", "onnxruntime 1.29.0"));
    }

    public static QuantizationResult made(String team, UUID study, UUID job, int attempt, String artifact) {
        return new QuantizationResult(
                Event.SCHEMA_VERSION,
                UUID.randomUUID(),
                team,
                job,
                study,
                attempt,
                artifact,
                sizes(1000),
                PROVENANCE,
                1.5,
                false,
                null);
    }

    public static QuantizationResult notMade(String team, UUID study, UUID job, int attempt, String failure) {
        return new QuantizationResult(
                Event.SCHEMA_VERSION,
                UUID.randomUUID(),
                team,
                job,
                study,
                attempt,
                null,
                null,
                null,
                0,
                false,
                failure);
    }

    public static EvaluationResult evaluated(String team, UUID study, UUID evaluation, EvaluationSummary summary) {
        return new EvaluationResult(Event.SCHEMA_VERSION, UUID.randomUUID(), team, evaluation, study, summary, null);
    }

    public static EvaluationResult notEvaluated(String team, UUID study, UUID evaluation, String failure) {
        return new EvaluationResult(Event.SCHEMA_VERSION, UUID.randomUUID(), team, evaluation, study, null, failure);
    }

    public static ProgressReport progress(
            String team, UUID study, UUID subject, Stage stage, long done, long total, Instant at) {
        return new ProgressReport(
                Event.SCHEMA_VERSION, UUID.randomUUID(), team, study, subject, stage, done, total, done * 100, at);
    }
}
