package dev.fewbit.generation;

import dev.fewbit.benchmark.extraction.StopRule;
import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.contracts.evaluation.PromptStyle;
import dev.fewbit.model.decoding.Completion;
import dev.fewbit.model.decoding.CompletionText;
import dev.fewbit.model.decoding.DecodingParameters;
import dev.fewbit.model.decoding.FinishReason;
import dev.fewbit.model.decoding.GenerationEngine;
import dev.fewbit.model.decoding.Prompt;
import dev.fewbit.model.decoding.StopCondition;
import dev.fewbit.model.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** Completions by {@link GenerationEngine}: prompts to tokens, tokens to text. */
final class OnnxCompletionGenerator implements CompletionGenerator {
    private final Path artifact;
    private final IntFunction<GenerationEngine> opening;
    private final Tokenizer tokenizer;
    private final PromptText promptText;
    private GenerationEngine engine;

    /**
     * @param opening opens an engine over the artifact whose slots hold so many tokens
     * @param maxLength of the first engine
     * @param tokenizer becomes the generator's to close
     */
    OnnxCompletionGenerator(Path artifact, IntFunction<GenerationEngine> opening, int maxLength, Tokenizer tokenizer) {
        this.artifact = artifact;
        this.opening = opening;
        this.tokenizer = tokenizer;
        promptText = new PromptText(artifact, tokenizer);
        engine = opening.apply(maxLength);
    }

    @Override
    public void generate(
            List<Task> tasks,
            DecodingSpec decoding,
            StopRule stop,
            Consumer<Completed> sink,
            BooleanSupplier cancelled) {
        OptionalInt maxLength = optional(decoding.maxLength());
        maxLength.ifPresent(this::makeRoom);
        int longest = maxLength.orElse(engine.maxLength());
        Map<String, Prompt> prompts = new LinkedHashMap<>();
        tasks.forEach(task -> prompts.put(task.problem(), prompt(task, decoding.prompt(), longest)));
        // The stop rule cuts afterwards, on the program: one place decides what is executed.
        CompletionText text = new CompletionText(tokenizer);
        DecodingParameters parameters = new DecodingParameters(
                decoding.temperature(),
                decoding.topP(),
                topK(decoding.topK()),
                optional(decoding.maxNewTokens()),
                maxLength,
                decoding.seed());
        StopCondition condition = new StopCondition(new HashSet<>(endTokens()), stop.stopTokens());
        engine.generate(
                prompts.values().iterator(),
                parameters,
                condition,
                completion -> sink.accept(completed(completion, prompts, text)),
                cancelled);
    }

    @Override
    public boolean addsBos() {
        String anyText = "x";
        return tokenizer.encode(anyText).length > tokenizer.encodeWithoutSpecialTokens(anyText).length;
    }

    @Override
    public List<Integer> endTokens() {
        return engine.metadata().eosTokenIds();
    }

    @Override
    public Map<String, String> circumstances() {
        return engine.circumstances();
    }

    @Override
    public void close() {
        try (tokenizer) {
            if (engine != null) {
                engine.close();
            }
        }
    }

    /** An engine of longer slots, where a specification's length needs them. */
    private void makeRoom(int length) {
        int positions = engine.metadata().maxPositions();
        if (length > positions) {
            throw new UnusableModelException("max_length is " + length + "; the longest sequence of "
                    + artifact.getFileName() + "'s model has " + positions + " tokens");
        }
        if (length > engine.maxLength()) {
            GenerationEngine shorter = engine;
            // What failed to open must not leave a closed engine behind.
            engine = null;
            shorter.close();
            engine = opening.apply(length);
        }
    }

    /** A graph brings back the whole of a vocabulary that is smaller than K; of a larger one no more than K. */
    private int topK(int wanted) {
        if (wanted > engine.top() && tokenizer.vocabularySize() > engine.top()) {
            throw new UnusableModelException("top_k is " + wanted + "; the graph of " + artifact.getFileName()
                    + " brings back " + engine.top() + " logits a row");
        }
        return Math.min(wanted, engine.top());
    }

    private static OptionalInt optional(Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }

    private Prompt prompt(Task task, PromptStyle style, int longest) {
        int[] tokens = promptText.tokens(task.prompt(), style);
        if (tokens.length == 0 || tokens.length >= longest) {
            throw new UnusableModelException("the prompt of problem '" + task.problem() + "' has " + tokens.length
                    + " tokens; allowed: 1 to " + (longest - 1)
                    + " (max_length, fewbit.evaluator.max-length, or the model's own limit)");
        }
        return new Prompt(task.problem(), tokens, task.indexes());
    }

    private Completed completed(Completion completion, Map<String, Prompt> prompts, CompletionText text) {
        // An embedding may have more rows than the tokenizer has tokens; such an id stands for no text.
        int[] withText = Arrays.stream(completion.tokens())
                .filter(id -> id < tokenizer.vocabularySize())
                .toArray();
        return new Completed(
                completion.problem(),
                completion.index(),
                text.of(prompts.get(completion.problem()).tokens(), withText),
                completion.tokens().length,
                label(completion.reason()));
    }

    private static String label(FinishReason reason) {
        return switch (reason) {
            case END_TOKEN -> "end-of-text";
            case STOP_STRING -> "stop";
            case MAX_NEW_TOKENS -> "max-new-tokens";
            case MAX_LENGTH -> "max-length";
        };
    }
}
