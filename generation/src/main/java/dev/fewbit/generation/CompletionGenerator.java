package dev.fewbit.generation;

import dev.fewbit.benchmark.extraction.StopRule;
import dev.fewbit.contracts.evaluation.DecodingSpec;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A model, loaded or served elsewhere: turns prompts into completions. One caller at a time. */
public interface CompletionGenerator extends AutoCloseable {

    /**
     * A problem and its samples that are wanted.
     *
     * @param problem its name: with seed and index, all that a sample's random numbers depend on
     * @param prompt as the benchmark has it
     * @param indexes of the samples
     */
    record Task(String problem, String prompt, List<Integer> indexes) {
        public Task {
            indexes = List.copyOf(indexes);
        }
    }

    /**
     * A sample's completion.
     *
     * @param text as decoded, not cut: it may run past a stop token
     * @param tokens generated
     * @param finish why it ended: {@code stop}, {@code end-of-text}, {@code max-new-tokens} or {@code max-length}
     */
    record Completed(String problem, int index, String text, int tokens, String finish) {}

    /**
     * Generates every sample of every task, in any order.
     *
     * @param stop a completion may end once this rule would cut it
     * @param sink gets each completion as it ends, on the calling thread
     * @param cancelled asked between steps; {@code true} ends the call early, without the samples in progress
     * @throws UnusableModelException when no attempt will succeed, as with a prompt that is too long
     * @throws ServerUnavailableException when a server that generates does not answer, now
     */
    void generate(
            List<Task> tasks,
            DecodingSpec decoding,
            StopRule stop,
            Consumer<Completed> sink,
            BooleanSupplier cancelled);

    /** Whether prompts begin with the tokenizer's BOS token. */
    boolean addsBos();

    /** Tokens that end a completion, by the checkpoint's configuration. */
    List<Integer> endTokens();

    /** How it holds sequences, by the names that provenance shows: {@code engine.slots}, and a GPU's memory plan. */
    Map<String, String> circumstances();

    /**
     * Circumstances by name, of completions that are not made by this process: then its slots, threads, processors and energy say
     * nothing of them. Empty where they are made here.
     */
    default Map<String, String> elsewhere() {
        return Map.of();
    }

    @Override
    void close();
}
