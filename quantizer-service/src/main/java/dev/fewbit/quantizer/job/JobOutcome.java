package dev.fewbit.quantizer.job;

import dev.fewbit.quantizer.artifact.StoredArtifact;

/** How a job ended. A fault of disk or store is no outcome: the job waits and is tried again. */
public sealed interface JobOutcome {

    /** The artifact is in the store. */
    record Made(StoredArtifact artifact) implements JobOutcome {}

    /**
     * It can never be made.
     *
     * @param message one line for a person
     */
    record Refused(String message) implements JobOutcome {}
}
