package dev.fewbit.gateway.study;

import dev.fewbit.contracts.study.StudyState;
import java.util.UUID;

/** The study has ended: it can no longer be cancelled. */
public final class StudyEndedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StudyEndedException(UUID id, StudyState state) {
        super("study " + id + " is " + state.label() + " and can no longer be cancelled");
    }
}
