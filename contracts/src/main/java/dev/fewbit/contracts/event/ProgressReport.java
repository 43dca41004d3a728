package dev.fewbit.contracts.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fewbit.contracts.study.Stage;
import java.time.Instant;
import java.util.UUID;

/**
 * How far a job or evaluation has come. Counts are absolute, so that a repeated or lost report does no harm.
 *
 * @param studyId it works for
 * @param subjectId the quantization job or evaluation
 * @param stage of the work
 * @param done units finished: layers quantized, samples generated, samples judged
 * @param total units planned
 * @param amount what was processed for it and not reused: weights rounded, tokens generated, programs executed (fewer than
 *     samples judged, since the same program with the same tests runs once)
 * @param at when
 */
public record ProgressReport(
        @JsonProperty(value = "schemaVersion", required = true)
        int schemaVersion,

        @JsonProperty(value = "eventId", required = true) UUID eventId,
        @JsonProperty(value = "team", required = true) String team,
        @JsonProperty(value = "studyId", required = true) UUID studyId,
        @JsonProperty(value = "subjectId", required = true) UUID subjectId,
        @JsonProperty(value = "stage", required = true) Stage stage,
        @JsonProperty(value = "done", required = true) long done,
        @JsonProperty(value = "total", required = true) long total,
        @JsonProperty(value = "amount", required = true) long amount,
        @JsonProperty(value = "at", required = true) Instant at)
        implements Event {}
