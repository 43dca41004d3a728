package dev.fewbit.model.session;

/** How a quantized linear is computed. */
public enum ArithmeticMode {
    /** Only weights are rounded: activations and products are fp32. */
    EXACT,
    /** Activations are rounded to int8 a block as well, for speed: errors of a few thousandths. */
    FAST
}
