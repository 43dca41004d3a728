package dev.fewbit.quantizer.artifact;

import java.time.Duration;

/** Told how far a build has come. It stops the build by throwing {@link BuildStoppedException}. */
@FunctionalInterface
public interface BuildObserver {
    /** Watches nothing. */
    BuildObserver NONE = (done, total, weights) -> {};

    /**
     * A linear is about to be written, or the last one was.
     *
     * @param done linears written
     * @param total linears of the decoder
     * @param weights in the linears written
     */
    void linearsWritten(int done, int total, long weights);

    /**
     * Codes and scales are being trained; see {@link dev.fewbit.quantizer.training.TrainingObserver}.
     *
     * @param step made
     * @param steps in all
     * @param loss of the step's batch
     * @param best loss on the validation windows so far
     */
    default void trained(int step, int steps, double loss, double best) {}

    /**
     * The artifact is written.
     *
     * @param quantizing time for weights and graph
     * @param measuring time for fidelity, {@code null} when it was not measured
     */
    default void took(Duration quantizing, Duration measuring) {}
}
