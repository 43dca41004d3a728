package dev.fewbit.quantizer.training;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.quantizer.forward.LayerLinear;
import java.util.Map;

/**
 * Two residual streams of all calibration windows that go through the model layer by layer: one through the 16-bit layers, one through the
 * trained ones. For each layer {@link #enter}, {@link #layer} where it is trained, {@link #leave}.
 */
public interface StreamTraining extends AutoCloseable {

    /** Takes the 16-bit layer; its stream is then that behind the layer. */
    void enter(int layer);

    /**
     * The layer that was entered, at {@code start}; the loss is the distance of its output on the trained stream from the 16-bit stream.
     *
     * @param start what it does not name stays at 16 bits
     */
    TrainedLayers layer(Map<LayerLinear, BlockQuantizedWeight> start);

    /** The trained stream is then that behind the layer, with the weights that it ends with; lets go of the layer. */
    void leave(Map<LayerLinear, BlockQuantizedWeight> trained);

    @Override
    void close();
}
