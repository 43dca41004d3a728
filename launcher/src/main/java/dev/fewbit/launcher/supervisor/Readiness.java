package dev.fewbit.launcher.supervisor;

import java.util.Optional;

/** Whether a child can be used. Asked again and again while it starts. */
@FunctionalInterface
public interface Readiness {
    /** Why the child is not ready, in a few words; empty when it is. */
    Optional<String> missing();
}
