package dev.fewbit.model.ort;

import dev.fewbit.model.onnx.ElementType;
import java.util.List;

/**
 * An operator of ours. Its nodes have the int attribute {@value #NODE}, by which {@link Kernel} tells them apart.
 *
 * @param name its type in a graph
 * @param inputs their types, all of them required
 * @param outputs as the inputs
 * @param kernel what computes it
 */
public record CustomOperator(String name, List<ElementType> inputs, List<ElementType> outputs, Kernel kernel) {
    /** The domain of all operators of ours. */
    public static final String DOMAIN = "dev.fewbit";
    /** Name of the attribute. */
    public static final String NODE = "node";

    /** Computes nodes of an operator. */
    @FunctionalInterface
    public interface Kernel {
        /**
         * Computes, or asks a device to, on the stream of the session.
         *
         * @param node its number, as in the attribute
         */
        void compute(int node, OperatorCall call);
    }

    public CustomOperator {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
