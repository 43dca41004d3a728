package dev.fewbit.evaluator.openai;

import java.time.Duration;

/** One attempt failed in a way that another may not. */
final class ServerFaultException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    /** @param retryAfter as the server says it, zero where it does not */
    ServerFaultException(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    ServerFaultException(String message) {
        this(message, Duration.ZERO);
    }

    Duration retryAfter() {
        return retryAfter;
    }
}
