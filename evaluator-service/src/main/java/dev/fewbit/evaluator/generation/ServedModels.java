package dev.fewbit.evaluator.generation;

import dev.fewbit.contracts.generation.GeneratorSpec;
import dev.fewbit.generation.CompletionGenerator;
import dev.fewbit.generation.EngineFacts;
import dev.fewbit.generation.UnusableModelException;

/** Models that somebody else made and serves. */
public interface ServedModels {

    /**
     * What decides the model's completions, asked of its server once.
     *
     * @throws UnusableModelException when the server lists other models, refuses the key, or may not be asked at all
     * @throws ServerUnavailableException when there is no proper answer, now
     */
    EngineFacts facts(GeneratorSpec model);

    /**
     * A generator that asks the server; nothing is sent yet.
     *
     * @throws UnusableModelException when its key is not in the environment, or its server is not one of those allowed
     */
    CompletionGenerator open(ServedModelKey key);
}
