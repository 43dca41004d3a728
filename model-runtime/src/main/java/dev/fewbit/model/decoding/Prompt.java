package dev.fewbit.model.decoding;

import java.util.List;

/**
 * A problem's prompt, and which of its samples are wanted.
 *
 * @param problem name of the problem
 * @param tokens ids of the prompt, special tokens included
 * @param indexes of the samples, each once
 */
public record Prompt(String problem, int[] tokens, List<Integer> indexes) {
    public Prompt {
        if (tokens.length == 0) {
            throw new IllegalArgumentException("the prompt of problem " + problem + " has no tokens");
        }
        indexes = List.copyOf(indexes);
    }
}
