package dev.fewbit.model.decoding;

import dev.fewbit.model.session.Candidates;
import dev.fewbit.model.session.Decoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A decoder whose next token is a function of the tokens before, and that holds every slot's tokens itself: reading a slot
 * that was not written, or not by this sequence, gives another function value. Its vocabulary has 1,000 tokens, none below 10
 * comes out.
 */
final class FakeDecoder implements Decoder {
    private final int maxLength;
    private final int[][] cache;
    private final List<Integer> batches = new ArrayList<>();
    private final List<String> copies = new ArrayList<>();
    private int prefills;

    FakeDecoder(int slots, int maxLength) {
        this.maxLength = maxLength;
        cache = new int[slots][maxLength];
    }

    /** Candidates behind a sequence: two, the second nearly as likely. */
    static Candidates after(int[] tokens) {
        int hash = Arrays.hashCode(tokens);
        return new Candidates(
                new int[] {10 + Math.floorMod(hash, 900), 10 + Math.floorMod(hash * 31 + 7, 900)},
                new float[] {1, 0.9f},
                1.7f);
    }

    List<Integer> batches() {
        return batches;
    }

    List<String> copies() {
        return copies;
    }

    int prefills() {
        return prefills;
    }

    @Override
    public int slots() {
        return cache.length;
    }

    @Override
    public int maxLength() {
        return maxLength;
    }

    @Override
    public int top() {
        return 2;
    }

    @Override
    public Candidates prefill(int slot, int[] prompt, int from, int to) {
        prefills++;
        Arrays.fill(cache[slot], from, maxLength, -1);
        System.arraycopy(prompt, from, cache[slot], from, to - from);
        return after(Arrays.copyOf(cache[slot], to));
    }

    @Override
    public List<Candidates> decode(int[] tokens, int[] lengths) {
        batches.add(tokens.length);
        List<Candidates> candidates = new ArrayList<>();
        for (int row = 0; row < tokens.length; row++) {
            cache[row][lengths[row]] = tokens[row];
            candidates.add(after(Arrays.copyOf(cache[row], lengths[row] + 1)));
        }
        return candidates;
    }

    @Override
    public void copy(int from, int to, int length) {
        copies.add(from + ">" + to + ":" + length);
        Arrays.fill(cache[to], -1);
        System.arraycopy(cache[from], 0, cache[to], 0, length);
    }

    @Override
    public void close() {}
}
