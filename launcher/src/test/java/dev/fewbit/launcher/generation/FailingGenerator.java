package dev.fewbit.launcher.generation;

import dev.fewbit.benchmark.extraction.StopRule;
import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.generation.CompletionGenerator;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Hands on what another makes, until it dies. */
final class FailingGenerator implements CompletionGenerator {
    private final CompletionGenerator generator;
    private int left;

    FailingGenerator(CompletionGenerator generator, int after) {
        this.generator = generator;
        this.left = after;
    }

    @Override
    public void generate(
            List<Task> tasks,
            DecodingSpec decoding,
            StopRule stop,
            Consumer<Completed> sink,
            BooleanSupplier cancelled) {
        Consumer<Completed> until = completed -> {
            if (left-- == 0) {
                throw new IllegalStateException("power cut");
            }
            sink.accept(completed);
        };
        generator.generate(tasks, decoding, stop, until, cancelled);
    }

    @Override
    public boolean addsBos() {
        return generator.addsBos();
    }

    @Override
    public List<Integer> endTokens() {
        return generator.endTokens();
    }

    @Override
    public Map<String, String> circumstances() {
        return generator.circumstances();
    }

    @Override
    public void close() {
        generator.close();
    }
}
