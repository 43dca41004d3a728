package dev.fewbit.evaluator.generation;

import java.time.Duration;

/** A model's server does not answer, or not as it should, now: an infrastructure fault, never the model's. Ask again later. */
public final class ServerUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    /**
     * @param message one line for a person
     * @param retryAfter how long the server wants to be left alone, zero where it does not say
     */
    public ServerUnavailableException(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    public Duration retryAfter() {
        return retryAfter;
    }
}
