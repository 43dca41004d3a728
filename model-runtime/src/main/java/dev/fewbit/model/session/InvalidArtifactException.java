package dev.fewbit.model.session;

import java.nio.file.Path;

/** An artifact that cannot be run as it is. The message is one line that names the file. */
public final class InvalidArtifactException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidArtifactException(Path file, String problem) {
        super(file + ": " + problem);
    }

    public InvalidArtifactException(Path file, String problem, Throwable cause) {
        super(file + ": " + problem, cause);
    }
}
