package dev.fewbit.evaluator.execution;

import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.execution.Verdict;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A program with its tests, asked for or judged. */
@Entity
@Table(name = "execution")
class ExecutionRow {
    @Id
    String id;

    String team;

    @Enumerated(EnumType.STRING)
    ProgramLanguage language;

    @Column(name = "program_digest")
    String programDigest;

    @Column(name = "tests_digest")
    String testsDigest;

    String limits;
    String toolchain;

    @Column(name = "judge_version")
    int judgeVersion;

    int attempt;
    int faults;

    @Column(name = "not_before")
    Instant notBefore;

    @Column(name = "asked_at")
    Instant askedAt;

    @Column(name = "answered_at")
    Instant answeredAt;

    String fault;

    @Column(name = "given_up")
    boolean givenUp;

    @Enumerated(EnumType.STRING)
    Verdict verdict;

    @Column(name = "wall_seconds")
    Double wallSeconds;

    @Column(name = "compile_seconds")
    Double compileSeconds;

    @Column(name = "cpu_seconds")
    Double cpuSeconds;

    @Column(name = "peak_memory")
    Long peakMemory;

    @Column(name = "exit_status")
    Integer exitStatus;

    Integer signal;
    String isolation;
    String message;

    @Column(name = "output_head")
    byte[] outputHead;
}
