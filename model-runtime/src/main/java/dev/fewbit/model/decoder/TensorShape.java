package dev.fewbit.model.decoder;

import java.util.List;

/**
 * A tensor that the decoder reads.
 *
 * @param name as {@link Architecture} describes it
 * @param shape row-major
 */
public record TensorShape(String name, List<Integer> shape) {
    public TensorShape {
        shape = List.copyOf(shape);
    }

    /** The product of the shape. */
    public long elements() {
        return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }
}
