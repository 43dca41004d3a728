package dev.fewbit.evaluator.event;

/** A record is not the event that its topic promises; no later attempt will read it either. */
public final class UnreadableEventException extends Exception {
    private static final long serialVersionUID = 1L;

    public UnreadableEventException(String message, Throwable cause) {
        super(message, cause);
    }
}
