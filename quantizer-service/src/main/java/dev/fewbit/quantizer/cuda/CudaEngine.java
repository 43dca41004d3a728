package dev.fewbit.quantizer.cuda;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.matrix.Products;
import dev.fewbit.quantizer.streams.CalibrationEngine;
import dev.fewbit.quantizer.streams.CalibrationStreams;
import dev.fewbit.quantizer.streams.StreamSpace;
import dev.fewbit.quantizer.streams.WindowEmbedding;
import java.util.Map;
import java.util.function.Supplier;

/** On the first GPU that the process sees. Rounding stays on the processor, which therefore shows in the bytes too. */
public final class CudaEngine implements CalibrationEngine {
    private final String deviceClass;
    private final Map<String, String> versions;

    /**
     * Looks at the GPU once.
     *
     * @throws CudaException in one line, when there is none, or a library is missing or too old
     */
    public CudaEngine() {
        try (CudaDevice device = CudaDevice.open()) {
            deviceClass = device.deviceClass();
            versions = device.versions();
        }
    }

    @Override
    public CalibrationStreams open(
            ModelConfig config, int windows, int length, WindowEmbedding quantized, WindowEmbedding original) {
        CudaDevice device = CudaDevice.open();
        boolean opened = false;
        try {
            CudaStreams streams = new CudaStreams(device, config, windows, length, quantized, original);
            opened = true;
            return streams;
        } finally {
            if (!opened) {
                device.close();
            }
        }
    }

    /** Streams are on the device, or in memory of the host that cannot be a file. */
    @Override
    public CalibrationEngine within(Supplier<StreamSpace> space) {
        return this;
    }

    @Override
    public String deviceClass() {
        return Products.processor() + "+" + deviceClass;
    }

    @Override
    public Map<String, String> versions() {
        return versions;
    }
}
