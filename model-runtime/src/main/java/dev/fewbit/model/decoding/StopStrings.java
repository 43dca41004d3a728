package dev.fewbit.model.decoding;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Stop strings as byte automata (Knuth, Morris, Pratt), since a token may hold a part of one, several, or half a character.
 */
final class StopStrings {
    private final byte[][] patterns;
    /** {@code [pattern][matched]}: the longest proper prefix that is a suffix of the matched bytes. */
    private final int[][] fallback;

    StopStrings(List<String> strings) {
        patterns = strings.stream()
                .map(string -> string.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        fallback = new int[patterns.length][];
        for (int p = 0; p < patterns.length; p++) {
            fallback[p] = new int[patterns[p].length + 1];
            int matched = 0;
            for (int i = 1; i < patterns[p].length; i++) {
                matched = advance(p, matched, patterns[p][i]);
                fallback[p][i + 1] = matched;
            }
        }
    }

    /** A matcher at the start of a completion. */
    Matcher matcher() {
        return new Matcher();
    }

    private int advance(int pattern, int matched, byte next) {
        int state = matched;
        while (state > 0 && patterns[pattern][state] != next) {
            state = fallback[pattern][state];
        }
        return patterns[pattern][state] == next ? state + 1 : 0;
    }

    /** How far into each stop string a completion is. */
    final class Matcher {
        private final int[] matched = new int[patterns.length];

        /** Appends a token's bytes and says whether a stop string now stands in the completion. */
        boolean append(byte[] bytes) {
            for (byte next : bytes) {
                for (int p = 0; p < matched.length; p++) {
                    matched[p] = advance(p, matched[p], next);
                    if (matched[p] == patterns[p].length) {
                        return true;
                    }
                }
            }
            return false;
        }
    }
}
