package dev.fewbit.model.session;

import java.util.OptionalInt;

/**
 * Which quantized linears are rewritten on the way to a runtime, and how. No kernel reads 3 bits; 2 and 8 bits have a fast CPU kernel
 * only with int8 activations, and 2 bits none at all on CUDA.
 */
public enum Widening {
    /** For an exact session: 2 and 3 bits to the 4-bit layout, which has an fp32 kernel, and 8 bits to fp32. */
    EXACT(OptionalInt.of(0)),
    /** For a session with int8 activations: only what has no kernel. */
    FAST(OptionalInt.of(4)),
    /** For any runtime: 2 and 3 bits to the 4-bit layout, nothing else. */
    FOUR_BITS(OptionalInt.empty()),
    /** For CUDA with many rows: everything to fp16, from which a product of many rows is faster than from codes. */
    HALF(OptionalInt.empty());

    private final OptionalInt accuracyLevel;

    Widening(OptionalInt accuracyLevel) {
        this.accuracyLevel = accuracyLevel;
    }

    /** How a linear is held. */
    public enum Layout {
        AS_STORED,
        FOUR_BITS,
        FP32,
        FP16
    }

    static Widening of(ArithmeticMode mode) {
        return switch (mode) {
            case EXACT -> EXACT;
            case FAST -> FAST;
        };
    }

    /** The {@code accuracy_level} that MatMulNBits is given; empty: the stored one. */
    OptionalInt accuracyLevel() {
        return accuracyLevel;
    }

    /** The layout of a linear that is stored with {@code bits} bits. */
    Layout layout(int bits) {
        return switch (this) {
            case EXACT ->
                switch (bits) {
                    case 4 -> Layout.AS_STORED;
                    case 8 -> Layout.FP32;
                    default -> Layout.FOUR_BITS;
                };
            case FAST -> bits == 3 ? Layout.FOUR_BITS : Layout.AS_STORED;
            case HALF -> Layout.FP16;
            case FOUR_BITS -> bits < 4 ? Layout.FOUR_BITS : Layout.AS_STORED;
        };
    }
}
