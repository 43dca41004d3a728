package dev.fewbit.gateway.study;

import dev.fewbit.contracts.study.StudyState;
import java.util.UUID;

/** A report or samples were asked for, and no cell of the study is done. */
public final class NothingFinishedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NothingFinishedException(UUID id, StudyState state) {
        super("study " + id + " is " + state.label() + " and has no finished cell"
                + (state.isFinal() ? "" : " yet: ask again later"));
    }
}
