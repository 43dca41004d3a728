package dev.fewbit.model.checkpoint;

import java.nio.file.Path;

/** A checkpoint is missing something or is not what it claims to be. The message is one line for a person. */
public final class InvalidCheckpointException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param file the file or directory at fault
     * @param problem what is wrong with it: the tensor or key, its value, and what is allowed
     */
    public InvalidCheckpointException(Path file, String problem) {
        super(file + ": " + problem);
    }
}
