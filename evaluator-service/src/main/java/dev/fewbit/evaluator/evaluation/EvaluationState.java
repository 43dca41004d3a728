package dev.fewbit.evaluator.evaluation;

/** Where an evaluation stands. */
public enum EvaluationState {
    REQUESTED,
    RUNNING,
    COMPLETED,
    FAILED,
    CANCELLED;

    /** Nothing will change any more. */
    public boolean isFinal() {
        return this == COMPLETED || this == FAILED || this == CANCELLED;
    }
}
