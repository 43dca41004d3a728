package dev.fewbit.gateway.study;

import dev.fewbit.contracts.artifact.ArtifactProvenance;
import dev.fewbit.contracts.artifact.ArtifactSizes;
import dev.fewbit.contracts.evaluation.BenchmarkSpec;
import dev.fewbit.contracts.evaluation.EvaluationSummary;
import dev.fewbit.contracts.study.StudyState;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The only writer of studies, jobs and cells. Every method runs in its caller's transaction, so that a change and the
 * messages that follow from it are committed together. A job or a cell ends once: whatever comes for an ended one, or for an
 * ended study, changes nothing.
 */
@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
public class StudyLedger {
    private final StudyRepository studies;
    private final QuantizationJobRepository jobs;
    private final CellRepository cells;

    StudyLedger(StudyRepository studies, QuantizationJobRepository jobs, CellRepository cells) {
        this.studies = studies;
        this.jobs = jobs;
        this.cells = cells;
    }

    /** Writes a new study with all its jobs and cells. */
    public StudySnapshot open(String team, StudyGrid grid) {
        StudyRow study = new StudyRow();
        study.id = UUID.randomUUID();
        study.team = team;
        study.name = grid.spec().name();
        study.digest = grid.digest();
        study.spec = grid.spec();
        study.state = StudyState.RUNNING;
        // PostgreSQL keeps microseconds: the same instant now and when read back.
        study.createdAt = now();
        study.cells = grid.size();
        studies.persist(study);
        for (int i = 0; i < grid.rows().size(); i++) {
            open(study, grid.rows().get(i), i);
        }
        return new StudySnapshot(
                study.head(),
                jobs.of(List.of(study.id)).stream()
                        .map(QuantizationJobRow::snapshot)
                        .toList(),
                cells.of(List.of(study.id)).stream().map(CellRow::snapshot).toList());
    }

    private void open(StudyRow study, StudyGrid.Row row, int position) {
        QuantizationJobRow job = new QuantizationJobRow();
        job.id = UUID.randomUUID();
        job.studyId = study.id;
        job.team = study.team;
        job.position = position;
        job.model = row.model().name();
        job.checkpoint = row.model().checkpoint();
        job.recipe = row.recipe();
        job.generator = row.model().generator();
        job.state = row.model().served() ? WorkState.DONE : WorkState.OPEN;
        jobs.persist(job);
        List<BenchmarkSpec> benchmarks = study.spec.benchmarks();
        for (int i = 0; i < benchmarks.size(); i++) {
            CellRow cell = new CellRow();
            cell.id = UUID.randomUUID();
            cell.studyId = study.id;
            cell.jobId = job.id;
            cell.team = study.team;
            cell.position = position * benchmarks.size() + i;
            cell.benchmark = benchmarks.get(i);
            cell.state = WorkState.OPEN;
            cells.persist(cell);
        }
    }

    /**
     * A job has made its artifact.
     *
     * @param attempt that made it
     * @return the study and the cells that can now be evaluated; empty when the job, or its study, had already ended
     */
    public Optional<ReadyCells> artifactMade(UUID jobId, int attempt, Made made) {
        return openJob(jobId).map(open -> {
            QuantizationJobRow job = open.job();
            job.state = WorkState.DONE;
            job.attempt = attempt;
            job.artifactId = made.artifactId();
            job.sizes = made.sizes();
            job.provenance = made.provenance();
            job.seconds = made.seconds();
            job.reused = made.reused();
            settle(open.study());
            return new ReadyCells(
                    open.study().head(),
                    job.snapshot(),
                    cells.ofJob(jobId).stream().map(CellRow::snapshot).toList());
        });
    }

    /** A job could not make its artifact: its cells fail with it. False when the job, or its study, had already ended. */
    public boolean artifactFailed(UUID jobId, int attempt, String failure) {
        return openJob(jobId)
                .map(open -> {
                    QuantizationJobRow job = open.job();
                    job.state = WorkState.FAILED;
                    job.attempt = attempt;
                    job.failure = failure;
                    cells.ofJob(jobId).forEach(cell -> cell.fail(failure));
                    settle(open.study());
                    return true;
                })
                .orElse(false);
    }

    /** A cell has been evaluated. False when the cell, or its study, had already ended. */
    public boolean cellDone(UUID evaluationId, EvaluationSummary summary) {
        return openCell(evaluationId)
                .map(open -> {
                    open.cell().state = WorkState.DONE;
                    open.cell().summary = summary;
                    settle(open.study());
                    return true;
                })
                .orElse(false);
    }

    /** A cell could not be evaluated. False when the cell, or its study, had already ended. */
    public boolean cellFailed(UUID evaluationId, String failure) {
        return openCell(evaluationId)
                .map(open -> {
                    open.cell().fail(failure);
                    settle(open.study());
                    return true;
                })
                .orElse(false);
    }

    /**
     * Stops a study.
     *
     * @throws StudyNotFoundException when the team has no such study
     * @throws StudyEndedException when there is nothing left to stop
     */
    public void cancel(String team, UUID id) {
        StudyRow study =
                studies.lock(id).filter(row -> row.team.equals(team)).orElseThrow(() -> new StudyNotFoundException(id));
        switch (lifecycle(study)) {
            case StudyLifecycle.Active active -> study.enter(active.cancel(now()));
            case StudyLifecycle.Ended ended -> throw new StudyEndedException(id, ended.state());
        }
    }

    private void settle(StudyRow study) {
        if (lifecycle(study) instanceof StudyLifecycle.Active active) {
            study.enter(active.advance(tally(study), now()));
        }
    }

    private StudyLifecycle lifecycle(StudyRow study) {
        return switch (study.state) {
            case RUNNING -> {
                int open = jobs.open(study.id);
                yield open > 0
                        ? new StudyLifecycle.Quantizing(open)
                        : new StudyLifecycle.Evaluating(cells.in(study.id, WorkState.OPEN));
            }
            case COMPLETED -> new StudyLifecycle.Completed(study.finishedAt);
            case FAILED -> new StudyLifecycle.Failed(study.finishedAt, study.failure);
            case CANCELLED -> new StudyLifecycle.Cancelled(study.finishedAt);
        };
    }

    private StudyLifecycle.Tally tally(StudyRow study) {
        return new StudyLifecycle.Tally(
                jobs.open(study.id),
                study.cells,
                cells.in(study.id, WorkState.DONE),
                cells.in(study.id, WorkState.FAILED),
                cells.firstFailure(study.id));
    }

    /** The study is locked before the job is looked at: two results for one job cannot both find it open. */
    private Optional<OpenJob> openJob(UUID jobId) {
        return jobs.find("select studyId from QuantizationJobRow where id = ?1", jobId)
                .project(UUID.class)
                .firstResultOptional()
                .flatMap(studies::lock)
                .filter(study -> !study.state.isFinal())
                .flatMap(study -> jobs.findByIdOptional(jobId)
                        .filter(job -> job.state.isOpen())
                        .map(job -> new OpenJob(study, job)));
    }

    private Optional<OpenCell> openCell(UUID evaluationId) {
        return cells.find("select studyId from CellRow where id = ?1", evaluationId)
                .project(UUID.class)
                .firstResultOptional()
                .flatMap(studies::lock)
                .filter(study -> !study.state.isFinal())
                .flatMap(study -> cells.findByIdOptional(evaluationId)
                        .filter(cell -> cell.state.isOpen())
                        .map(cell -> new OpenCell(study, cell)));
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    /**
     * An artifact.
     *
     * @param seconds it took to make it when it was made
     * @param reused it existed before
     */
    public record Made(
            String artifactId, ArtifactSizes sizes, ArtifactProvenance provenance, double seconds, boolean reused) {}

    /** Cells whose artifact is there. */
    public record ReadyCells(StudySnapshot.Head study, StudySnapshot.Job job, List<StudySnapshot.Cell> cells) {}

    private record OpenJob(StudyRow study, QuantizationJobRow job) {}

    private record OpenCell(StudyRow study, CellRow cell) {}
}
