package dev.fewbit.evaluator.generation;

import dev.fewbit.evaluator.EvaluatorConfig;

/** The evaluator's own engine, for tests outside of its package. */
public final class OnnxEngine {
    private OnnxEngine() {}

    public static CompletionGenerators of(EvaluatorConfig config) {
        return new OnnxCompletionGenerators(config);
    }
}
