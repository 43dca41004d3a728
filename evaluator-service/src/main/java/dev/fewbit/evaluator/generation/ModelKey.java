package dev.fewbit.evaluator.generation;

import dev.fewbit.contracts.evaluation.ExecutionMode;
import java.util.Locale;

/** What a worker has loaded: an artifact in a mode. Its text is {@code mode:artifact}. */
public record ModelKey(String artifactId, ExecutionMode mode) {

    /** Reads what {@link #toString} wrote. */
    public static ModelKey parse(String text) {
        int colon = text.indexOf(':');
        return new ModelKey(
                text.substring(colon + 1),
                ExecutionMode.valueOf(text.substring(0, colon).toUpperCase(Locale.ROOT)));
    }

    @Override
    public String toString() {
        return mode + ":" + artifactId;
    }
}
