package dev.fewbit.sandbox.isolation;

import java.io.Serial;

/** The jail failed, not what ran in it. */
public class IsolationException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    public IsolationException(String message) {
        super(message);
    }

    public IsolationException(String message, Throwable cause) {
        super(message, cause);
    }
}
