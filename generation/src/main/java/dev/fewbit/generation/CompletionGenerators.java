package dev.fewbit.generation;

import dev.fewbit.contracts.evaluation.ExecutionMode;
import java.nio.file.Path;

/** Opens artifacts. */
public interface CompletionGenerators {

    /** What holds for every generator opened here in {@code mode}. */
    EngineFacts facts(ExecutionMode mode);

    /**
     * Loads an artifact.
     *
     * @throws UnusableModelException when its files cannot be loaded
     */
    CompletionGenerator open(Path artifact, ExecutionMode mode);
}
