package dev.fewbit.evaluator.generation;

import dev.fewbit.evaluator.EvaluatorConfig;
import dev.fewbit.generation.CompletionGenerators;

/** The evaluator's own engine, for tests outside of its package. */
public final class OnnxEngine {
    private OnnxEngine() {}

    public static CompletionGenerators of(EvaluatorConfig config) {
        return new ConfiguredGenerators(config).generators();
    }
}
