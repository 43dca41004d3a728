package dev.fewbit.quantizer.training;

/** Told how far training has come; it may stop it by throwing. */
@FunctionalInterface
public interface TrainingObserver {
    /** Watches nothing. */
    TrainingObserver NONE = (step, steps, loss, best) -> {};

    /**
     * A step was made.
     *
     * @param step made, the first being 1; 0 before it
     * @param steps in all
     * @param loss of the step's batch, mean KL a token
     * @param best mean KL a token on the validation windows so far
     */
    void stepped(int step, int steps, double loss, double best);
}
