package dev.fewbit.gateway.study;

import java.util.UUID;

/** The team has no study with this id; another team may. */
public final class StudyNotFoundException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StudyNotFoundException(UUID id) {
        super("there is no study " + id);
    }
}
