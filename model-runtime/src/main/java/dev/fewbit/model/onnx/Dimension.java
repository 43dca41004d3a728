package dev.fewbit.model.onnx;

/** A dimension of a graph's input or output: fixed, or named and known only at run time. */
public sealed interface Dimension {

    /** A size known when the graph is built. */
    record Fixed(long size) implements Dimension {}

    /** A size known at run time; equal names mean equal sizes. */
    record Named(String name) implements Dimension {}

    static Dimension of(long size) {
        return new Fixed(size);
    }

    static Dimension of(String name) {
        return new Named(name);
    }
}
