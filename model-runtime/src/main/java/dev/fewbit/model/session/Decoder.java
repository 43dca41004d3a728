package dev.fewbit.model.session;

import java.util.List;

/**
 * A decoder over a cache of slots. Rows in a decoding step are the slots from 0 on: whoever schedules keeps the running
 * sequences there. For one thread at a time.
 */
public interface Decoder extends AutoCloseable {
    int slots();

    /** Longest sequence a slot holds, prompt included. */
    int maxLength();

    /** Puts a prompt into a slot, over whatever was there, and tells what may follow it. */
    Candidates prefill(int slot, int[] prompt);

    /**
     * Appends a token to each of the first {@code tokens.length} slots.
     *
     * @param tokens to append, by slot
     * @param lengths tokens each slot holds before
     * @return what may follow, by slot
     */
    List<Candidates> decode(int[] tokens, int[] lengths);

    /** Copies the first {@code length} tokens of a slot to another. */
    void copy(int from, int to, int length);

    @Override
    void close();
}
