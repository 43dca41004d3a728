package dev.fewbit.model.resident;

import dev.fewbit.model.device.TooLittleMemoryException;
import java.util.Locale;

/**
 * What a decoder takes of a device's memory, in bytes.
 *
 * @param free before anything is loaded
 * @param weights of the model as they are held
 * @param cacheOfSlot keys and values of one sequence at its longest
 * @param workspace of a run: activations of the longest prompt, logits, and what libraries take
 * @param slots sequences at once
 */
public record MemoryPlan(long free, long weights, long cacheOfSlot, long workspace, int slots) {
    private static final long MIB = 1 << 20;
    /** What cuBLAS, kernels and the fragments of an arena take, whatever the model. */
    private static final long LIBRARIES = 768 * MIB;
    /** Copies of a wide row of activations that are alive at once, as fp16. */
    private static final int LIVE_ACTIVATIONS = 6;
    /** Numbers of a row of logits: fp16, fp32, their log-softmax and the sorting of the largest, 4 bytes each. */
    private static final int LOGIT_COPIES = 5;

    /** Multiples of this many slots make full batches. */
    private static final int STEP = 8;

    /**
     * What a model needs beside its weights.
     *
     * @param cache of one slot, its capacity filled
     * @param rows most tokens of a run
     * @param widest numbers of a token's widest activation
     * @param vocabulary tokens
     * @param largestLinear numbers of the largest linear, which is dequantized for many rows
     */
    record Needs(long weights, long cache, int rows, int widest, int vocabulary, long largestLinear) {
        long workspace(int slots) {
            long activations = (long) rows * widest * Short.BYTES * LIVE_ACTIVATIONS;
            long logits = (long) slots * vocabulary * Float.BYTES * LOGIT_COPIES;
            return LIBRARIES + activations + logits + largestLinear * Short.BYTES;
        }
    }

    /**
     * Plans a decoder.
     *
     * @param wanted slots, or 0: the most that fit, at most {@code most}
     * @throws TooLittleMemoryException when the model, or so many slots of it, do not fit, with the numbers
     */
    static MemoryPlan of(String device, long free, Needs needs, int wanted, int most) {
        int slots = wanted == 0 ? fitting(free, needs, most) : wanted;
        MemoryPlan plan = new MemoryPlan(
                free, needs.weights(), needs.cache(), needs.workspace(Math.max(1, slots)), Math.max(1, slots));
        if (slots == 0 || plan.total() > free) {
            throw new TooLittleMemoryException(device + " has too little memory: " + plan
                    + "; take a GPU with more, a shorter length, fewer slots or fewer bits");
        }
        return plan;
    }

    /** The most slots that fit, at most {@code most}; 0 when not even one does. */
    static int fitting(long free, Needs needs, int most) {
        int slots = most;
        while (slots > 0 && needs.weights() + needs.workspace(slots) + slots * needs.cache() > free) {
            slots -= slots > STEP ? STEP : 1;
        }
        return slots;
    }

    /** All of it. */
    public long total() {
        return weights + slots * cacheOfSlot + workspace;
    }

    @Override
    public String toString() {
        // Rounded so that what does not fit is never told to be as much as there is.
        return String.format(
                Locale.ROOT,
                "%d MiB of weights, %d MiB of keys and values (%d %s of %.1f MiB) and %d MiB of workspace are %d MiB of %d MiB free",
                Math.ceilDiv(weights, MIB),
                Math.ceilDiv(slots * cacheOfSlot, MIB),
                slots,
                slots == 1 ? "slot" : "slots",
                cacheOfSlot / (double) MIB,
                Math.ceilDiv(workspace, MIB),
                Math.ceilDiv(total(), MIB),
                free / MIB);
    }
}
