package dev.fewbit.evaluator.generation;

import dev.fewbit.evaluator.EvaluatorConfig;
import dev.fewbit.generation.CompletionGenerators;
import dev.fewbit.generation.EngineOptions;
import dev.fewbit.generation.OnnxCompletionGenerators;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The engine as this service is configured to run it. */
@Singleton
class Engines {

    @Produces
    @ApplicationScoped
    CompletionGenerators generators(EvaluatorConfig config) {
        return new OnnxCompletionGenerators(new EngineOptions(
                config.engineThreads(), config.slots(), config.maxLength(), config.spin(), config.scratch()));
    }
}
