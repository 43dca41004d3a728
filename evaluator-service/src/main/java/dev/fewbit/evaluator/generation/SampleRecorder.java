package dev.fewbit.evaluator.generation;

import dev.fewbit.benchmark.harness.Harness;
import dev.fewbit.evaluator.energy.ResourceUse;
import dev.fewbit.evaluator.generation.Samples.NewSample;
import dev.fewbit.generation.AnswerReading;
import dev.fewbit.generation.CompletionGenerator.Completed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Stores completions as they finish, a few to a transaction. The time since the last store is spread over the samples of
 * this one, and so is the energy, so that the shares of all samples add up to the time that generation took.
 */
final class SampleRecorder {
    private static final int BATCH = 8;
    private static final Duration OLDEST = Duration.ofMillis(250);
    private static final double NANOS = 1e9;

    private final Samples samples;
    private final UnitClaim claim;
    private final Map<String, String> prompts;
    private final Harness harness;
    private final AnswerReading reading;
    private final Runnable stored;
    private final Supplier<ResourceUse> use;
    private final List<Completed> waiting = new ArrayList<>();
    private long since = System.nanoTime();

    /**
     * @param prompts by problem
     * @param harness makes programs of prompts and completions
     * @param stored told after each store: there is something to execute
     * @param use of energy and memory since it was last asked, or since now
     */
    SampleRecorder(
            Samples samples,
            UnitClaim claim,
            Map<String, String> prompts,
            Harness harness,
            AnswerReading reading,
            Runnable stored,
            Supplier<ResourceUse> use) {
        this.samples = samples;
        this.claim = claim;
        this.prompts = Map.copyOf(prompts);
        this.harness = harness;
        this.reading = reading;
        this.stored = stored;
        this.use = use;
    }

    /** Takes a completion; stores when there are enough, or the last store is long ago. */
    void add(Completed completed) {
        waiting.add(completed);
        if (waiting.size() >= BATCH || System.nanoTime() - since >= OLDEST.toNanos()) {
            flush();
        }
    }

    /** Stores what waits. */
    void flush() {
        if (waiting.isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        double share = (now - since) / NANOS / waiting.size();
        since = now;
        ResourceUse used = use.get();
        List<NewSample> batch = waiting.stream()
                .map(completed -> new NewSample(
                        completed.problem(),
                        completed.index(),
                        harness.program(prompts.get(completed.problem()), reading.answer(completed.text())),
                        completed.tokens(),
                        completed.finish(),
                        share,
                        share(used.gpuJoules()),
                        share(used.cpuJoules())))
                .toList();
        samples.store(claim, batch, used);
        waiting.clear();
        stored.run();
    }

    private Double share(Double ofBatch) {
        return ofBatch == null ? null : (Double) (ofBatch / waiting.size());
    }
}
