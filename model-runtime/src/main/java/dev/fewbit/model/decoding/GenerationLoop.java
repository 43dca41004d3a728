package dev.fewbit.model.decoding;

import dev.fewbit.model.session.Candidates;
import dev.fewbit.model.session.Decoder;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Does what the scheduler decides, until all is drawn. */
final class GenerationLoop {
    private final Decoder decoder;
    private final BatchScheduler scheduler;
    private final Consumer<Completion> sink;
    private long completions;
    private long tokens;
    private long prefillTokens;
    private long steps;
    private long rows;

    GenerationLoop(Decoder decoder, BatchScheduler scheduler, Consumer<Completion> sink) {
        this.decoder = decoder;
        this.scheduler = scheduler;
        this.sink = sink;
    }

    GenerationStatistics run(BooleanSupplier cancelled) {
        boolean done = false;
        while (!done && !cancelled.getAsBoolean()) {
            switch (scheduler.next()) {
                case BatchStep.Prefill step -> prefill(step);
                case BatchStep.Fork step -> {
                    decoder.copy(step.from(), step.to(), step.prompt().tokens().length);
                    scheduler.forked(step).ifPresent(this::deliver);
                }
                case BatchStep.Relocate step -> {
                    decoder.copy(step.from(), step.to(), step.length());
                    scheduler.relocated(step);
                }
                case BatchStep.Decode step -> decode(step.rows());
                case BatchStep.Done _ -> done = true;
            }
        }
        return new GenerationStatistics(completions, tokens, prefillTokens, steps, rows);
    }

    private void prefill(BatchStep.Prefill step) {
        Candidates candidates = decoder.prefill(step.slot(), step.prompt().tokens(), step.from(), step.to());
        prefillTokens += step.to() - step.from();
        scheduler.prefilled(step, candidates).ifPresent(this::deliver);
    }

    private void decode(int count) {
        int[] last = new int[count];
        int[] lengths = new int[count];
        for (int row = 0; row < count; row++) {
            RunningSample sample = scheduler.sample(row);
            last[row] = sample.lastToken();
            lengths[row] = sample.cachedLength();
        }
        List<Candidates> candidates = decoder.decode(last, lengths);
        steps++;
        rows += count;
        for (int row = 0; row < count; row++) {
            scheduler.drawn(row, candidates.get(row)).ifPresent(this::deliver);
        }
    }

    private void deliver(Completion completion) {
        completions++;
        tokens += completion.tokens().length;
        sink.accept(completion);
    }
}
