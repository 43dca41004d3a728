package dev.fewbit.evaluator.generation;

import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;

/** One completion, as the program that it makes. */
@Entity
@Table(name = "sample")
class SampleRow {
    @EmbeddedId
    SampleId id;

    @Column(name = "program_digest")
    String programDigest;

    int tokens;

    @Column(name = "finish_reason")
    String finishReason;

    @Column(name = "generate_seconds")
    double generateSeconds;

    @Column(name = "gpu_joules")
    Double gpuJoules;

    @Column(name = "cpu_joules")
    Double cpuJoules;

    @Column(name = "created_at")
    Instant createdAt;
}
