package dev.fewbit.model.decoding;

import dev.fewbit.model.session.Candidates;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Decides what a batch of slots does next, and knows what runs in each. A free slot is filled first, so that a step of
 * decoding, which costs nearly the same for few rows as for many, has as many as there are; a hole that cannot be filled is
 * closed by moving the last row. A prompt is prefilled once and copied for its other samples, as long as one of them runs. One that
 * is longer than a chunk is prefilled behind the running rows, a chunk and a step of decoding in turn.
 */
final class BatchScheduler {
    private static final SlotState FREE = new SlotState.Free();

    private final Iterator<Prompt> prompts;
    private final RunningSample.Rules rules;
    private final int chunk;
    private final List<SlotState> slots = new ArrayList<>();
    private Prompt current;
    private Iterator<Integer> indexes = List.<Integer>of().iterator();
    private Candidates afterPrompt;
    private boolean decodeIsNext;

    /** @param chunk most tokens of a prompt between two steps of decoding */
    BatchScheduler(int slotCount, int chunk, Iterator<Prompt> prompts, RunningSample.Rules rules) {
        this.prompts = prompts;
        this.rules = rules;
        this.chunk = chunk;
        for (int slot = 0; slot < slotCount; slot++) {
            slots.add(FREE);
        }
    }

    /** What to do next. The caller does it, and tells by {@link #prefilled}, {@link #forked}, {@link #relocated} or {@link #drawn}. */
    BatchStep next() {
        int filling = fillingSlot();
        int last = lastRunning();
        if (filling < 0) {
            int free = slots.indexOf(FREE);
            if (free >= 0 && hasPending()) {
                int source = runningSlotOfCurrent();
                if (source >= 0) {
                    return new BatchStep.Fork(source, free, current);
                }
                boolean atOnce = current.tokens().length <= chunk;
                // A step of decoding between two chunks would write to a hole among its rows.
                return atOnce || free > last ? prefill(free, current, 0) : relocate(last, free);
            }
        } else if (!decodeIsNext || last < 0) {
            SlotState.Filling state = (SlotState.Filling) slots.get(filling);
            return prefill(filling, state.prompt(), state.done());
        }
        if (last < 0) {
            return new BatchStep.Done();
        }
        int hole = slots.indexOf(FREE);
        if (hole >= 0 && hole < last) {
            return relocate(last, hole);
        }
        if (filling >= 0 && filling < last) {
            throw new IllegalStateException("slot " + filling + " is being filled below slot " + last);
        }
        return new BatchStep.Decode(last + 1);
    }

    /** A chunk was put into a slot: with the last one the prompt's next sample starts there. */
    Optional<Completion> prefilled(BatchStep.Prefill step, Candidates candidates) {
        decodeIsNext = true;
        if (!step.isLast()) {
            slots.set(step.slot(), new SlotState.Filling(step.prompt(), step.to()));
            return Optional.empty();
        }
        afterPrompt = candidates;
        return start(step.slot());
    }

    /** The prompt was copied into a slot: its next sample starts there. */
    Optional<Completion> forked(BatchStep.Fork step) {
        return start(step.to());
    }

    /** The last row was moved. */
    void relocated(BatchStep.Relocate step) {
        slots.set(step.to(), slots.get(step.from()));
        slots.set(step.from(), FREE);
    }

    /** A row has its next candidates: its sample goes on, or is complete and frees the slot. */
    Optional<Completion> drawn(int slot, Candidates candidates) {
        decodeIsNext = false;
        Optional<Completion> completion = sample(slot).draw(candidates);
        if (completion.isPresent()) {
            slots.set(slot, FREE);
        }
        return completion;
    }

    /** The sample that runs in a slot. */
    RunningSample sample(int slot) {
        if (slots.get(slot) instanceof SlotState.Running(RunningSample sample)) {
            return sample;
        }
        throw new IllegalStateException("no sample runs in slot " + slot);
    }

    private BatchStep prefill(int slot, Prompt prompt, int from) {
        return new BatchStep.Prefill(slot, prompt, from, Math.min(from + chunk, prompt.tokens().length));
    }

    private BatchStep relocate(int from, int to) {
        return new BatchStep.Relocate(from, to, sample(from).cachedLength());
    }

    private Optional<Completion> start(int slot) {
        slots.set(slot, new SlotState.Running(new RunningSample(current, indexes.next(), rules)));
        Optional<Completion> completion = sample(slot).draw(afterPrompt);
        if (completion.isPresent()) {
            slots.set(slot, FREE);
        }
        return completion;
    }

    private boolean hasPending() {
        while (!indexes.hasNext()) {
            if (!prompts.hasNext()) {
                return false;
            }
            current = prompts.next();
            indexes = current.indexes().iterator();
            requireRoom(current);
        }
        return true;
    }

    private void requireRoom(Prompt prompt) {
        if (prompt.tokens().length >= rules.maxLength()) {
            throw new IllegalArgumentException("the prompt of problem " + prompt.problem() + " has "
                    + prompt.tokens().length + " tokens: at most " + (rules.maxLength() - 1)
                    + " leave room for a completion");
        }
    }

    private int runningSlotOfCurrent() {
        for (int slot = 0; slot < slots.size(); slot++) {
            if (slots.get(slot) instanceof SlotState.Running(RunningSample sample) && sample.prompt() == current) {
                return slot;
            }
        }
        return -1;
    }

    private int fillingSlot() {
        for (int slot = 0; slot < slots.size(); slot++) {
            if (slots.get(slot) instanceof SlotState.Filling) {
                return slot;
            }
        }
        return -1;
    }

    private int lastRunning() {
        int last = slots.size() - 1;
        while (last >= 0 && !(slots.get(last) instanceof SlotState.Running)) {
            last--;
        }
        return last;
    }
}
