package dev.fewbit.model.session;

/**
 * How many rows a step of decoding has. ONNX Runtime's matrix products have kernels of their own for one row, and with int8 activations
 * for the odd row at the end, which sum in another order: a sample's logits would depend on how many run beside it, in the last bits.
 */
public enum BatchRows {
    /** Always an even number, a row of no use beside the others where need be: a row's bits do not depend on the other rows. */
    REPRODUCIBLE {
        @Override
        int of(int running) {
            return running + running % 2;
        }
    },
    /** As many as there are. */
    AS_MANY_AS_RUN {
        @Override
        int of(int running) {
            return running;
        }
    };

    /** Rows of a step for {@code running} samples. */
    abstract int of(int running);
}
