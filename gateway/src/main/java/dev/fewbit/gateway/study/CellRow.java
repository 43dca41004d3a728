package dev.fewbit.gateway.study;

import dev.fewbit.contracts.evaluation.BenchmarkSpec;
import dev.fewbit.contracts.evaluation.EvaluationSummary;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;

/** One artifact on one benchmark. Its id is the evaluation's. */
@Entity
@Table(name = "cell")
class CellRow {
    @Id
    UUID id;

    @Column(name = "study_id")
    UUID studyId;

    @Column(name = "job_id")
    UUID jobId;

    String team;
    /** Order in the study's grid. */
    int position;

    @Convert(converter = JsonColumn.OfBenchmark.class)
    BenchmarkSpec benchmark;

    @Enumerated(EnumType.STRING)
    WorkState state;

    @Convert(converter = JsonColumn.OfSummary.class)
    EvaluationSummary summary;

    String failure;

    void fail(String reason) {
        state = WorkState.FAILED;
        failure = reason;
    }

    StudySnapshot.Cell snapshot() {
        return new StudySnapshot.Cell(id, jobId, benchmark, state, summary, failure);
    }
}
