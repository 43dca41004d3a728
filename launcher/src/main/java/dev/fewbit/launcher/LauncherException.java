package dev.fewbit.launcher;

/** A command cannot go on. The message is one line for a person; the cause, if any, goes to the log only. */
public final class LauncherException extends RuntimeException {
    /** Exit status of a run that failed. */
    public static final int FAILED = 1;
    /** Exit status of a wrong command line, study, recipe or program file. */
    public static final int USAGE = 2;

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private LauncherException(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** What the user wrote cannot be used: exit 2. */
    public static LauncherException usage(String message) {
        return new LauncherException(USAGE, message, null);
    }

    /** Something failed while running: exit 1. */
    public static LauncherException failed(String message) {
        return new LauncherException(FAILED, message, null);
    }

    /** Something failed while running, and the log shall hold why: exit 1. */
    public static LauncherException failed(String message, Throwable cause) {
        return new LauncherException(FAILED, message, cause);
    }

    public int exitCode() {
        return exitCode;
    }
}
