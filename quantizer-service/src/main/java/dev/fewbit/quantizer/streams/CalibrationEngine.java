package dev.fewbit.quantizer.streams;

import dev.fewbit.model.checkpoint.ModelConfig;
import java.util.Map;
import java.util.function.Supplier;

/** Where calibration windows are computed. */
public interface CalibrationEngine {

    /**
     * Windows in front of the first layer.
     *
     * @param windows their number
     * @param length tokens of each
     * @param quantized the stream through what is quantized
     * @param original the stream through the original layers; {@code null} where nobody needs it
     */
    CalibrationStreams open(
            ModelConfig config, int windows, int length, WindowEmbedding quantized, WindowEmbedding original);

    /** The kind of device as far as it shows in the bytes of a result. */
    String deviceClass();

    /**
     * The same with streams held where there is space.
     *
     * @param space asked for where streams are on the host
     * @throws dev.fewbit.quantizer.QuantizationException when there is too little
     */
    CalibrationEngine within(Supplier<StreamSpace> space);

    /** Releases of the libraries that take part, by name, beside those that every artifact names. */
    default Map<String, String> versions() {
        return Map.of();
    }
}
