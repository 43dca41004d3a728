package dev.fewbit.model.architecture;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.Tensor;

/**
 * A checkpoint's weights as they are: the unquantized baseline.
 *
 * @param checkpoint stays the caller's, and open
 */
public record CheckpointWeights(Checkpoint checkpoint) implements WeightSource {
    @Override
    public LinearWeight linear(String name) {
        return new DenseWeight(checkpoint.tensor(name));
    }

    @Override
    public Tensor tensor(String name) {
        return checkpoint.tensor(name);
    }
}
