package dev.fewbit.model.fused;

/** What may be computed by kernels of our own. */
public enum Fusion {
    /** Attention, over keys and values rounded to int8 with one fp32 scale for each token's head. */
    ATTENTION,
    /** Linears over 4-bit codes, for few rows. */
    LINEARS,
    /** The gated SiLU between an MLP's linears. */
    GATE,
    /** The largest logits and the log-sum-exp of a row. */
    LARGEST
}
