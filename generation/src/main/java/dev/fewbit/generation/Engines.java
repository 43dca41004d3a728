package dev.fewbit.generation;

import dev.fewbit.contracts.evaluation.ExecutionMode;
import dev.fewbit.model.decoding.GenerationEngine;
import java.nio.file.Path;

/** Engines of one device. */
interface Engines {
    /** What holds for every engine opened here in {@code mode}. */
    EngineFacts facts(ExecutionMode mode);

    /**
     * Loads an artifact.
     *
     * @param maxLength tokens of a slot; the model's own limit holds where that is less
     * @throws UnusableModelException when no attempt will succeed
     */
    GenerationEngine open(Path artifact, int maxLength, ExecutionMode mode);
}
