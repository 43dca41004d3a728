package dev.fewbit.quantizer.job;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** A quantization job. It is changed by the statements of {@link JobRepository} alone, never by dirty checking. */
@Entity
@Table(name = "jobs")
class JobRow {
    @Id
    UUID id;

    @Column(nullable = false)
    String team;

    @Column(name = "study_id", nullable = false)
    UUID studyId;

    @Column(nullable = false)
    String checkpoint;

    /** JSON. */
    @Column(nullable = false)
    String recipe;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    JobStatus status;

    @Column(nullable = false)
    int attempt;

    /** Attempts that their worker gave back because it was asked to stop. */
    @Column(nullable = false)
    int released;

    String worker;

    @Column(name = "lease_until")
    Instant leaseUntil;

    @Column(name = "not_before", nullable = false)
    Instant notBefore;

    @Column(name = "created_at", nullable = false)
    Instant createdAt;

    @Column(name = "finished_at")
    Instant finishedAt;

    @Column(name = "artifact_id")
    String artifactId;

    Double seconds;
    Boolean reused;
    String failure;

    protected JobRow() {}
}
