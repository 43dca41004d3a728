package dev.fewbit.model.session;

/** The machinery failed, not the model: ONNX Runtime reported an error, or numbers were not finite. No token came of it. */
public final class InferenceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InferenceException(String message) {
        super(message);
    }

    public InferenceException(String message, Throwable cause) {
        super(message, cause);
    }
}
