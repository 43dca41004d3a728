package dev.fewbit.evaluator.testing;

import dev.fewbit.benchmark.extraction.StopRule;
import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.contracts.evaluation.ExecutionMode;
import dev.fewbit.generation.CompletionGenerator;
import dev.fewbit.generation.CompletionGenerators;
import dev.fewbit.generation.EngineFacts;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Stands for the engine: sample {@code i} of a problem returns {@code i / 2}, so that samples 0 and 1 are the same program; a NUL in
 * sample 2 is what a broken model may well produce. Failures can be put in its way.
 */
@Alternative
@Priority(1)
@ApplicationScoped
public class KnownCompletions implements CompletionGenerators {
    public static final int TOKENS = 7;

    private final AtomicInteger generated = new AtomicInteger();
    private final AtomicInteger opened = new AtomicInteger();
    private final Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();

    /** The next calls fail, one with each. */
    public void failWith(RuntimeException... exceptions) {
        failures.addAll(List.of(exceptions));
    }

    /** No more failures. */
    public void forgetFailures() {
        failures.clear();
    }

    /** Completions made so far. */
    public int generated() {
        return generated.get();
    }

    /** Artifacts opened so far. */
    public int opened() {
        return opened.get();
    }

    /** The program's last line of sample {@code index}. */
    public static String body(int index) {
        return "    return " + index / 2 + (index == 2 ? "\0" : "");
    }

    @Override
    public EngineFacts facts(ExecutionMode mode) {
        return new EngineFacts("known 1", "cpu", "fp32", "fp32");
    }

    @Override
    public CompletionGenerator open(Path artifact, ExecutionMode mode) {
        opened.incrementAndGet();
        return new CompletionGenerator() {
            @Override
            public void generate(
                    List<Task> tasks,
                    DecodingSpec decoding,
                    StopRule stop,
                    Consumer<Completed> sink,
                    BooleanSupplier cancelled) {
                Queue<Completed> all = new ArrayDeque<>();
                tasks.forEach(task -> task.indexes()
                        .forEach(index -> all.add(
                                new Completed(task.problem(), index, body(index) + "\ndef next():", TOKENS, "stop"))));
                while (!all.isEmpty() && !cancelled.getAsBoolean()) {
                    RuntimeException failure = failures.poll();
                    if (failure != null) {
                        throw failure;
                    }
                    generated.incrementAndGet();
                    sink.accept(all.remove());
                }
            }

            @Override
            public boolean addsBos() {
                return true;
            }

            @Override
            public List<Integer> endTokens() {
                return List.of(1);
            }

            @Override
            public Map<String, String> circumstances() {
                return Map.of("engine.slots", "16");
            }

            @Override
            public void close() {}
        };
    }
}
