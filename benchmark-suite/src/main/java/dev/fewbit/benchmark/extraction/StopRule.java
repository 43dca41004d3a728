package dev.fewbit.benchmark.extraction;

import java.util.List;

/**
 * Cuts a completion before the first place where any stop token begins, as MultiPL-E does. The token itself goes too: where it
 * closes the program (Java's {@code "\n    }\n"}) the problem's tests bring the brace back.
 *
 * @param stopTokens text, not token ids; empty cuts nothing
 */
public record StopRule(List<String> stopTokens) {
    public StopRule {
        stopTokens = List.copyOf(stopTokens);
    }

    /** {@code completion} up to the first stop token. */
    public String cut(String completion) {
        int end = completion.length();
        for (String token : stopTokens) {
            int at = completion.indexOf(token);
            if (at >= 0 && at < end) {
                end = at;
            }
        }
        return completion.substring(0, end);
    }
}
