package dev.fewbit.evaluator.evaluation;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** An evaluation, from its request to its result. */
@Entity
@Table(name = "evaluation")
class EvaluationRow {
    @Id
    UUID id;

    String team;

    @Column(name = "study_id")
    UUID studyId;

    String request;

    @Column(name = "artifact_id")
    String artifactId;

    int samples;

    @Enumerated(EnumType.STRING)
    EvaluationState state;

    @Column(name = "requested_at")
    Instant requestedAt;

    @Column(name = "finished_at")
    Instant finishedAt;

    @Column(name = "generation_id")
    Long generationId;

    @Column(name = "benchmark_digest")
    String benchmarkDigest;

    Integer problems;
    String toolchain;

    @Column(name = "judge_version")
    Integer judgeVersion;

    String failure;
    String result;
}
