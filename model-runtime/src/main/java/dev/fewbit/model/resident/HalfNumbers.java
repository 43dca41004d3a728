package dev.fewbit.model.resident;

import dev.fewbit.model.onnx.ElementType;

/** Activations, keys and values of 16 bits on a GPU. */
public enum HalfNumbers {
    /** 11 bits of precision, up to 65,504: what artifacts' graphs for GPUs are written with. */
    FP16("fp16", ElementType.FLOAT16),
    /** 8 bits of precision, the range of fp32: for models whose activations fp16 does not hold. */
    BF16("bf16", ElementType.BFLOAT16);

    private final String label;
    private final ElementType type;

    HalfNumbers(String label, ElementType type) {
        this.label = label;
        this.type = type;
    }

    /** {@code fp16} or {@code bf16}. */
    public String label() {
        return label;
    }

    ElementType type() {
        return type;
    }
}
