package dev.fewbit.gateway.study;

import dev.fewbit.contracts.study.StudySpec;
import dev.fewbit.contracts.study.StudyState;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.UUID;

/** A study. The row stores the contract's state and what its end left; the states between are counted from jobs and cells. */
@Entity
@Table(name = "study")
class StudyRow {
    @Id
    UUID id;

    @Version
    long version;

    String team;
    String name;
    String digest;

    @Convert(converter = JsonColumn.OfStudySpec.class)
    StudySpec spec;

    @Enumerated(EnumType.STRING)
    StudyState state;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "finished_at")
    Instant finishedAt;

    String failure;

    int cells;

    void enter(StudyLifecycle next) {
        state = next.state();
        if (next instanceof StudyLifecycle.Ended ended) {
            finishedAt = ended.at();
        }
        failure = next instanceof StudyLifecycle.Failed failed ? failed.failure() : null;
    }

    StudySnapshot.Head head() {
        return new StudySnapshot.Head(id, team, name, digest, spec, state, createdAt, finishedAt, failure);
    }
}
