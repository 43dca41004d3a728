package dev.fewbit.model.resident;

import dev.fewbit.model.fused.Fusion;
import java.util.Set;

/** What of a step kernels of our own compute on a GPU; the rest is ONNX Runtime's. */
public enum GpuKernels {
    /** Nothing. */
    NONE(Set.of()),
    /** What differs from ONNX Runtime by no more than the rounding of fp16: linears of few rows, the gated SiLU, the largest logits. */
    EXACT(Set.of(Fusion.LINEARS, Fusion.GATE, Fusion.LARGEST)),
    /** Attention as well, where a model's fits it, over keys and values rounded to int8. */
    ALL(Set.of(Fusion.LINEARS, Fusion.GATE, Fusion.LARGEST, Fusion.ATTENTION));

    private final Set<Fusion> fusions;

    GpuKernels(Set<Fusion> fusions) {
        this.fusions = fusions;
    }

    /** What that is. */
    public Set<Fusion> fusions() {
        return fusions;
    }
}
