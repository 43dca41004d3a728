package dev.fewbit.sandbox.execution;

import java.io.Serial;

/** The sandbox did not prove that it holds: nothing is executed. */
public class SandboxUnavailableException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    public SandboxUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
