package dev.fewbit.gateway.study;

import dev.fewbit.contracts.artifact.ArtifactProvenance;
import dev.fewbit.contracts.artifact.ArtifactSizes;
import dev.fewbit.contracts.evaluation.BenchmarkSpec;
import dev.fewbit.contracts.evaluation.EvaluationSummary;
import dev.fewbit.contracts.generation.GeneratorSpec;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.contracts.study.StudySpec;
import dev.fewbit.contracts.study.StudyState;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A study with its jobs and cells as they stood at one moment.
 *
 * @param head the study itself
 * @param jobs in the order of the grid: models, then recipes
 * @param cells in the order of the grid: jobs, then benchmarks
 */
public record StudySnapshot(Head head, List<Job> jobs, List<Cell> cells) {
    public StudySnapshot {
        jobs = List.copyOf(jobs);
        cells = List.copyOf(cells);
    }

    /** How many cells are in {@code state}. */
    public int cellsIn(WorkState state) {
        return (int) cells.stream().filter(cell -> cell.state() == state).count();
    }

    /**
     * A study.
     *
     * @param digest of the specification
     * @param finishedAt {@code null} before its end
     * @param failure one line, {@code null} unless it failed
     */
    public record Head(
            UUID id,
            String team,
            String name,
            String digest,
            StudySpec spec,
            StudyState state,
            Instant createdAt,
            Instant finishedAt,
            String failure) {}

    /**
     * A quantization job, or the row of a served model, which is done from the start.
     *
     * @param checkpoint {@code null} of a served model, as are recipe, artifact, sizes and provenance
     * @param generator the served model; {@code null} of a checkpoint
     * @param artifactId {@code null} until it is done, as are sizes and provenance
     * @param seconds it took to make the artifact when it was made
     * @param reused the artifact existed before
     * @param failure one line, {@code null} unless it failed
     */
    public record Job(
            UUID id,
            String model,
            String checkpoint,
            Recipe recipe,
            GeneratorSpec generator,
            WorkState state,
            String artifactId,
            ArtifactSizes sizes,
            ArtifactProvenance provenance,
            double seconds,
            boolean reused,
            String failure) {
        /** Whether nothing has to be made: its completions come from a server. */
        public boolean served() {
            return generator != null;
        }

        /** Bits a weight: the recipe's, or as stated of a served model. */
        public int bits() {
            return served() ? generator.bits() : recipe.bits();
        }

        /** How reports call what was done to the weights. */
        public String method() {
            return served() ? generator.label() : recipe.method().label();
        }

        /** The text that weights were fitted to, as reports call it; {@code null} where there is none. */
        public String calibration() {
            return served() ? null : recipe.calibratedOn();
        }
    }

    /**
     * A cell.
     *
     * @param id of its evaluation
     * @param summary {@code null} until it is done
     * @param failure one line, {@code null} unless it failed
     */
    public record Cell(
            UUID id, UUID jobId, BenchmarkSpec benchmark, WorkState state, EvaluationSummary summary, String failure) {}
}
