package dev.fewbit.quantizer.planning;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fewbit.contracts.recipe.CalibrationSpec;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.decoder.LayerSpec;
import dev.fewbit.model.decoder.LinearSpec;
import dev.fewbit.quantizer.method.QuantizingMemory;
import java.util.List;
import java.util.stream.Stream;

/**
 * What making an artifact takes at its peak: heap and native memory, pages of mapped files aside, and disk beside the checkpoint. Peaks are
 * added up from what is held at a time:
 *
 * <ul>
 *   <li>always: a JVM with the classes and buffers of a run, and twice the codes of the largest group of linears written together, since what
 *       was written is still there when the next is made;
 *   <li>with a method that looks at text: what {@link QuantizingMemory} counts, that is a layer's weights twice, sums and factors, and streams.
 * </ul>
 *
 * @param peakBytes estimated
 * @param streamBytes of them, those that go to mapped files where {@code --memory} leaves no room
 * @param diskBytes of the artifact while it is written, of finished layers, and of streams kept for a resumption, the new ones beside those of the
 *     layer before; streams that {@code --memory} leaves no room for come on top
 */
public record QuantizationNeeds(
        @JsonProperty("peakBytes") long peakBytes,
        @JsonProperty("streamBytes") long streamBytes,
        @JsonProperty("diskBytes") long diskBytes) {
    private static final long BASE = 256L << 20;

    static QuantizationNeeds of(ModelConfig config, Recipe recipe, ArtifactForecast forecast, int processors) {
        double bytesPerWeight = forecast.sizes().bitsPerWeight() / Byte.SIZE;
        LayerSpec layer = config.decoder().layers().getFirst();
        long largest = Stream.of(
                        layer.attention().inputs(),
                        List.of(layer.attention().output()),
                        layer.mlp().inputs(),
                        List.of(layer.mlp().down()))
                .mapToLong(QuantizationNeeds::weights)
                .max()
                .orElseThrow();
        long peak = BASE + (long) (2 * largest * bytesPerWeight);
        long disk = forecast.files();
        if (!recipe.method().calibrated()) {
            return new QuantizationNeeds(peak, 0, disk);
        }
        CalibrationSpec calibration = recipe.calibration();
        QuantizingMemory memory =
                QuantizingMemory.of(config, recipe, calibration.sequences(), calibration.length(), processors);
        return new QuantizationNeeds(
                peak + memory.needed() + memory.streams(),
                memory.streams(),
                disk
                        + forecast.sizes().linearStoredBytes()
                        + 2
                                * QuantizingMemory.keptStreams(
                                        config, recipe, calibration.sequences(), calibration.length()));
    }

    private static long weights(List<LinearSpec> linears) {
        return linears.stream().mapToLong(LinearSpec::weights).sum();
    }
}
