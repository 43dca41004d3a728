package dev.fewbit.gateway.study;

import dev.fewbit.contracts.study.StudyState;
import java.time.Instant;

/**
 * The states of a study. Only an {@link Active} study has transitions; an {@link Ended} one has none, so that nothing that
 * arrives late can change it.
 */
public sealed interface StudyLifecycle {

    /** The name of the state in the API and in the row. */
    StudyState state();

    /** Work is going on. */
    sealed interface Active extends StudyLifecycle {

        @Override
        default StudyState state() {
            return StudyState.RUNNING;
        }

        /** Where the study stands once its jobs and cells are counted as {@code tally}. */
        default StudyLifecycle advance(Tally tally, Instant at) {
            if (tally.openCells() > 0) {
                return tally.openJobs() > 0 ? new Quantizing(tally.openJobs()) : new Evaluating(tally.openCells());
            }
            return tally.failedCells() > 0
                    ? new Failed(
                            at, tally.failedCells() + " of " + tally.cells() + " cells failed: " + tally.firstFailure())
                    : new Completed(at);
        }

        /** Somebody no longer wants it. */
        default Cancelled cancel(Instant at) {
            return new Cancelled(at);
        }
    }

    /** Nothing will change any more. */
    sealed interface Ended extends StudyLifecycle {
        /** When the study ended. */
        Instant at();
    }

    /** At least one artifact is still to be made; cells of finished ones may already run. */
    record Quantizing(int openJobs) implements Active {}

    /** All artifacts are there or have failed; cells are being evaluated. */
    record Evaluating(int openCells) implements Active {}

    /** Every cell is done. */
    record Completed(Instant at) implements Ended {
        @Override
        public StudyState state() {
            return StudyState.COMPLETED;
        }
    }

    /** Nothing is running any more, and at least one cell failed; the others are done and reported. */
    record Failed(Instant at, String failure) implements Ended {
        @Override
        public StudyState state() {
            return StudyState.FAILED;
        }
    }

    /** Stopped on request; cells that were done before are kept and reported. */
    record Cancelled(Instant at) implements Ended {
        @Override
        public StudyState state() {
            return StudyState.CANCELLED;
        }
    }

    /**
     * A study's jobs and cells, counted.
     *
     * @param openJobs quantization jobs that have not ended
     * @param cells of the grid
     * @param doneCells evaluated
     * @param failedCells failed, by themselves or with their job
     * @param firstFailure one line of the first failed cell, {@code null} when none failed
     */
    record Tally(int openJobs, int cells, int doneCells, int failedCells, String firstFailure) {
        public int openCells() {
            return cells - doneCells - failedCells;
        }
    }
}
