package dev.fewbit.evaluator.generation;

import dev.fewbit.benchmark.extraction.StopRule;
import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.model.decoding.Completion;
import dev.fewbit.model.decoding.CompletionText;
import dev.fewbit.model.decoding.DecodingParameters;
import dev.fewbit.model.decoding.FinishReason;
import dev.fewbit.model.decoding.GenerationEngine;
import dev.fewbit.model.decoding.Prompt;
import dev.fewbit.model.decoding.StopCondition;
import dev.fewbit.model.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Completions by {@link GenerationEngine}: prompts to tokens, tokens to text. */
final class OnnxCompletionGenerator implements CompletionGenerator {
    private final GenerationEngine engine;
    private final Tokenizer tokenizer;

    OnnxCompletionGenerator(GenerationEngine engine, Tokenizer tokenizer) {
        this.engine = engine;
        this.tokenizer = tokenizer;
    }

    @Override
    public void generate(
            List<Task> tasks,
            DecodingSpec decoding,
            StopRule stop,
            Consumer<Completed> sink,
            BooleanSupplier cancelled) {
        Map<String, Prompt> prompts = new LinkedHashMap<>();
        tasks.forEach(task -> prompts.put(task.problem(), prompt(task)));
        // The stop rule cuts afterwards, on the program: one place decides what is executed.
        CompletionText text = new CompletionText(tokenizer);
        DecodingParameters parameters = new DecodingParameters(
                decoding.temperature(), decoding.topP(), decoding.topK(), decoding.maxNewTokens(), decoding.seed());
        StopCondition condition =
                new StopCondition(new HashSet<>(engine.metadata().eosTokenIds()), stop.stopTokens());
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
    public void close() {
        try (tokenizer) {
            engine.close();
        }
    }

    private Prompt prompt(Task task) {
        int[] tokens = tokenizer.encode(task.prompt());
        if (tokens.length == 0 || tokens.length >= engine.maxLength()) {
            throw new UnusableModelException("the prompt of problem '" + task.problem() + "' has " + tokens.length
                    + " tokens; allowed: 1 to " + (engine.maxLength() - 1)
                    + " (fewbit.evaluator.max-length, or the model's own limit)");
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
