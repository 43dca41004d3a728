package dev.fewbit.quantizer.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The GPU, its driver or a library cannot do what is asked. A fault of the machine, not of a model or a recipe, so a job that meets it is
 * tried again. The message is one line for a person.
 */
public final class CudaException extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    public CudaException(String message) {
        super(message, new IOException(message));
    }

    CudaException(String message, Throwable cause) {
        super(message, new IOException(message, cause));
    }
}
