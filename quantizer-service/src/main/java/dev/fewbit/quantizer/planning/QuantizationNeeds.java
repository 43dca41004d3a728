package dev.fewbit.quantizer.planning;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fewbit.contracts.recipe.CalibrationSpec;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.decoder.LayerSpec;
import dev.fewbit.model.decoder.LinearSpec;
import java.util.List;
import java.util.stream.Stream;

/**
 * What making an artifact takes at its peak: heap and native memory, pages of mapped files aside, and disk beside the checkpoint. Peaks are
 * added up from what is held at a time:
 *
 * <ul>
 *   <li>always: a JVM with the classes and buffers of a run, and twice the codes of the largest group of linears written together, since what
 *       was written is still there when the next is made;
 *   <li>with a method that looks at text: the residual streams of all windows, the inputs of one group of linears for all windows, a layer's
 *       weights in fp32 as they were and as they are restored, three square matrices of the widest input, and half as much again for what
 *       groups of windows are computed with.
 * </ul>
 *
 * @param peakBytes estimated
 * @param diskBytes of the artifact while it is written, of finished layers, and of streams kept for a resumption
 */
public record QuantizationNeeds(
        @JsonProperty("peakBytes") long peakBytes,
        @JsonProperty("diskBytes") long diskBytes) {
    private static final long BASE = 256L << 20;
    /** What the walk's windows are computed with, on top of the inputs of all. */
    private static final double OF_WINDOWS = 1.5;
    /** Hessian, factor and its inverse. */
    private static final int SQUARES = 3;

    static QuantizationNeeds of(ModelConfig config, Recipe recipe, ArtifactForecast forecast) {
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
        if (recipe.method().calibrated()) {
            CalibrationSpec calibration = recipe.calibration();
            long tokens = (long) calibration.sequences() * calibration.length();
            long streams = (recipe.method().improved() ? 2 : 1) * tokens * config.hiddenSize() * Float.BYTES;
            long widest =
                    layer.linears().stream().mapToLong(LinearSpec::k).max().orElseThrow();
            peak += streams
                    + (long) (OF_WINDOWS * tokens * widest * Float.BYTES)
                    + 2 * weights(layer.linears()) * Float.BYTES
                    + SQUARES * widest * widest * Float.BYTES;
            disk += forecast.sizes().linearStoredBytes() + streams;
        }
        return new QuantizationNeeds(peak, disk);
    }

    private static long weights(List<LinearSpec> linears) {
        return linears.stream().mapToLong(LinearSpec::weights).sum();
    }
}
