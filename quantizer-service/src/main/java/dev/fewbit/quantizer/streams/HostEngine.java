package dev.fewbit.quantizer.streams;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.matrix.Products;

/** On the processor. */
public final class HostEngine implements CalibrationEngine {
    @Override
    public CalibrationStreams open(
            ModelConfig config, int windows, int length, WindowEmbedding quantized, WindowEmbedding original) {
        return new HostStreams(config, windows, length, quantized, original);
    }

    @Override
    public String deviceClass() {
        return Products.processor();
    }
}
