package dev.fewbit.model.onnx;

/**
 * A tensor that flows in a graph: an input, an initializer or a node's output.
 *
 * @param name unique in its graph; the empty name stands for an optional input that is left out
 */
public record Value(String name) {
    /** An optional input that is left out. */
    public static final Value NONE = new Value("");
}
