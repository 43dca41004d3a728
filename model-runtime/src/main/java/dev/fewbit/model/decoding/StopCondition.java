package dev.fewbit.model.decoding;

import java.util.List;
import java.util.Set;

/**
 * What ends a completion before its tokens run out.
 *
 * @param endTokens ids that end it
 * @param stopStrings texts that end it as soon as one stands in it
 */
public record StopCondition(Set<Integer> endTokens, List<String> stopStrings) {
    public StopCondition {
        endTokens = Set.copyOf(endTokens);
        stopStrings = List.copyOf(stopStrings);
        if (stopStrings.contains("")) {
            throw new IllegalArgumentException("a stop string is empty");
        }
    }
}
