package dev.fewbit.model.architecture;

import dev.fewbit.model.checkpoint.Tensor;

/**
 * A weight that is stored as it is, in 16 or 32 bits.
 *
 * @param tensor {@code [n, k]}
 */
public record DenseWeight(Tensor tensor) implements LinearWeight {
    public DenseWeight {
        if (tensor.shape().length != 2) {
            throw new IllegalArgumentException("the weight " + tensor.name() + " is no matrix");
        }
    }

    @Override
    public int n() {
        return Math.toIntExact(tensor.shape()[0]);
    }

    @Override
    public int k() {
        return Math.toIntExact(tensor.shape()[1]);
    }
}
