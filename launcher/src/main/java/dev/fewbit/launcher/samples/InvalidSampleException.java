package dev.fewbit.launcher.samples;

/** A line that is no sample. The message says what is wrong with it, not where it stands. */
final class InvalidSampleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidSampleException(String message) {
        super(message);
    }
}
