package dev.fewbit.evaluator.evaluation;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * Which evaluations changed since somebody looked. A hint that saves queries, kept in memory: what is missed here is found by
 * the next sweep of all.
 */
@ApplicationScoped
public class EvaluationActivity {
    private final Set<UUID> touched = new HashSet<>();

    public synchronized void touch(Collection<UUID> evaluations) {
        touched.addAll(evaluations);
    }

    /** Those touched since the last call. */
    public synchronized Set<UUID> drain() {
        Set<UUID> drained = new HashSet<>(touched);
        touched.clear();
        return drained;
    }
}
