package dev.fewbit.model.ort;

/** ONNX Runtime refused something, or is not there. Its message is one line. */
public final class OnnxRuntimeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public OnnxRuntimeException(String message) {
        super(message);
    }

    public OnnxRuntimeException(String message, Throwable cause) {
        super(message, cause);
    }
}
