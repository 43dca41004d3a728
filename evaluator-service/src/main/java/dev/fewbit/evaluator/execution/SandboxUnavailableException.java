package dev.fewbit.evaluator.execution;

/** The sandbox does not answer. Nobody's fault yet: it is asked again. */
public final class SandboxUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    public SandboxUnavailableException(String message) {
        super(message);
    }
}
