package dev.fewbit.benchmark;

/** A benchmark cannot be used. The message is one line that names the file, the line and the key. */
public final class InvalidBenchmarkException extends Exception {
    private static final long serialVersionUID = 1L;

    public InvalidBenchmarkException(String message) {
        super(message);
    }
}
