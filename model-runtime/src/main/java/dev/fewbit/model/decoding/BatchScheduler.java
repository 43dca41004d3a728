package dev.fewbit.model.decoding;

import dev.fewbit.model.session.Candidates;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Decides what a batch of slots does next, and knows what runs in each. A free slot is filled first, so that a step of
 * decoding, which costs nearly the same for few rows as for many, has as many as there are; a hole that cannot be filled is
 * closed by moving the last row. A prompt is prefilled once and copied for its other samples, as long as one of them runs.
 */
final class BatchScheduler {
    private static final SlotState FREE = new SlotState.Free();

    private final Iterator<Prompt> prompts;
    private final RunningSample.Rules rules;
    private final List<SlotState> slots = new ArrayList<>();
    private Prompt current;
    private Iterator<Integer> indexes = List.<Integer>of().iterator();
    private Candidates afterPrompt;

    BatchScheduler(int slotCount, Iterator<Prompt> prompts, RunningSample.Rules rules) {
        this.prompts = prompts;
        this.rules = rules;
        for (int slot = 0; slot < slotCount; slot++) {
            slots.add(FREE);
        }
    }

    /** What to do next. The caller does it, and tells by {@link #started}, {@link #relocated} or {@link #drawn}. */
    BatchStep next() {
        int free = slots.indexOf(FREE);
        if (free >= 0 && hasPending()) {
            int source = runningSlotOfCurrent();
            return source >= 0 ? new BatchStep.Fork(source, free, current) : new BatchStep.Prefill(free, current);
        }
        int last = lastOccupied();
        if (last < 0) {
            return new BatchStep.Done();
        }
        if (free >= 0 && free < last) {
            return new BatchStep.Relocate(last, free, sample(last).cachedLength());
        }
        return new BatchStep.Decode(last + 1);
    }

    /** The prompt was prefilled into a slot: its next sample starts there. */
    Optional<Completion> started(BatchStep.Prefill step, Candidates candidates) {
        afterPrompt = candidates;
        return start(step.slot());
    }

    /** The prompt was copied into a slot: its next sample starts there. */
    Optional<Completion> started(BatchStep.Fork step) {
        return start(step.to());
    }

    /** The last row was moved. */
    void relocated(BatchStep.Relocate step) {
        slots.set(step.to(), slots.get(step.from()));
        slots.set(step.from(), FREE);
    }

    /** A row has its next candidates: its sample goes on, or is complete and frees the slot. */
    Optional<Completion> drawn(int slot, Candidates candidates) {
        Optional<Completion> completion = sample(slot).draw(candidates);
        if (completion.isPresent()) {
            slots.set(slot, FREE);
        }
        return completion;
    }

    /** The sample that runs in a slot. */
    RunningSample sample(int slot) {
        return switch (slots.get(slot)) {
            case SlotState.Occupied(RunningSample sample) -> sample;
            case SlotState.Free _ -> throw new IllegalStateException("nothing runs in slot " + slot);
        };
    }

    private Optional<Completion> start(int slot) {
        slots.set(slot, new SlotState.Occupied(new RunningSample(current, indexes.next(), rules)));
        return drawn(slot, afterPrompt);
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
            if (slots.get(slot) instanceof SlotState.Occupied(RunningSample sample) && sample.prompt() == current) {
                return slot;
            }
        }
        return -1;
    }

    private int lastOccupied() {
        int last = slots.size() - 1;
        while (last >= 0 && slots.get(last) instanceof SlotState.Free) {
            last--;
        }
        return last;
    }
}
