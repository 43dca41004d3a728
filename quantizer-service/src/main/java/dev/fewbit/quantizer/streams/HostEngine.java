package dev.fewbit.quantizer.streams;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.matrix.Products;
import java.util.function.Supplier;

/** On the processor. */
public final class HostEngine implements CalibrationEngine {
    /** Windows whose inputs are summed at a time. Fixed: the order of a sum shows in its last bits. */
    public static final int GROUP = 16;

    private final StreamSpace space;

    /** With all streams in memory. */
    public HostEngine() {
        this(StreamSpace.unlimited());
    }

    /** @param space holds the streams */
    public HostEngine(StreamSpace space) {
        this.space = space;
    }

    @Override
    public CalibrationStreams open(
            ModelConfig config, int windows, int length, WindowEmbedding quantized, WindowEmbedding original) {
        return new HostStreams(config, windows, length, quantized, original, space);
    }

    @Override
    public CalibrationEngine within(Supplier<StreamSpace> room) {
        return new HostEngine(room.get());
    }

    @Override
    public String deviceClass() {
        return Products.processor();
    }
}
