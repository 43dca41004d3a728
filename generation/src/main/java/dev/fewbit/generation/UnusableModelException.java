package dev.fewbit.generation;

/** An artifact cannot be evaluated, and trying again will not help. The message is one line for a person. */
public final class UnusableModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnusableModelException(String message) {
        super(message);
    }

    public UnusableModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
