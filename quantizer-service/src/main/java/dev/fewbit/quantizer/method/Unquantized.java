package dev.fewbit.quantizer.method;

import dev.fewbit.model.architecture.DenseWeight;
import dev.fewbit.model.checkpoint.Tensor;

/** The 16-bit baseline: weights stay as the checkpoint has them, fp32 ones are rounded to fp16. */
public record Unquantized() implements QuantizationMethod {
    @Override
    public QuantizedLinear apply(Tensor weight) {
        return new QuantizedLinear(new DenseWeight(SixteenBits.of(weight)), 0);
    }
}
