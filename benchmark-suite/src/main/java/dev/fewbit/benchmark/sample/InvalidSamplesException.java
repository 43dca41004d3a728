package dev.fewbit.benchmark.sample;

/** Samples cannot be used. The message is one line that names the file, the line and the key. */
public final class InvalidSamplesException extends Exception {
    private static final long serialVersionUID = 1L;

    public InvalidSamplesException(String message) {
        super(message);
    }
}
