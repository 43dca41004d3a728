package dev.fewbit.gateway.samples;

/** The evaluator did not answer, or not as it should. */
public final class EvaluatorUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public EvaluatorUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
