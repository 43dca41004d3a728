package dev.fewbit.sandbox.language;

import java.io.Serial;

/** A language's toolchain is not installed, or does not answer. */
public class ToolchainMissingException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    public ToolchainMissingException(String message) {
        super(message);
    }

    public ToolchainMissingException(String message, Throwable cause) {
        super(message, cause);
    }
}
