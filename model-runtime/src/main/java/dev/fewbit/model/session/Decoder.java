package dev.fewbit.model.session;

import java.util.List;
import java.util.Map;

/**
 * A decoder over a cache of slots. Rows in a decoding step are the slots from 0 on: whoever schedules keeps the running
 * sequences there. What comes back of a row is never the vocabulary but its {@link Candidates}: the {@link #top} largest
 * logits, their tokens and the log-sum-exp of all. For one thread at a time.
 */
public interface Decoder extends AutoCloseable {
    int slots();

    /** Longest sequence a slot holds, prompt included. */
    int maxLength();

    /** K, the graph's parameter: how many candidates a row brings back, or the whole of a smaller vocabulary. */
    int top();

    /**
     * Puts tokens of a prompt into a slot, behind those that stand there: the prompt's first {@code from} tokens, which earlier
     * calls put there. A chunk from 0 on takes the place of whatever was there.
     *
     * @param slot to write
     * @param prompt the whole prompt
     * @param from first token of the chunk
     * @param to end of the chunk, exclusive; after the last chunk this is the prompt's length
     * @return what may follow the chunk's last token
     */
    Candidates prefill(int slot, int[] prompt, int from, int to);

    /** Puts a prompt into a slot in one go. */
    default Candidates prefill(int slot, int[] prompt) {
        return prefill(slot, prompt, 0, prompt.length);
    }

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

    /**
     * How sequences are held, by the names that provenance shows: what may show in the last bits of numbers, and what it takes of the
     * device.
     */
    default Map<String, String> circumstances() {
        return Map.of("engine.slots", Integer.toString(slots()));
    }

    @Override
    void close();
}
