package dev.fewbit.quantizer.streams;

import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.matrix.Factorizer;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * All calibration windows in front of a decoder layer: one residual stream {@code [tokens, hidden]} through what is quantized already, and
 * one through the original layers where that is needed. A layer is gone through in this order:
 *
 * <pre>
 * layer(full, now)
 * for each of LayerInputs: sums(inputs); replace(...) what was rounded; advance(inputs) or pass(inputs)
 * </pre>
 *
 * The same calls give the same bytes on the same kind of device, whatever the number of threads.
 */
public interface CalibrationStreams extends AutoCloseable {

    /**
     * Begins a layer.
     *
     * @param full its original weights, alive until the next one begins
     * @param now those that the quantized stream begins with; {@code replace} changes them
     */
    void layer(LayerWeights full, LayerWeights now);

    /**
     * Computes what linears read, and sums it. The original stream has moved on behind linears that add to it.
     *
     * @param arena holds the sums
     */
    InputSums sums(Arena arena, LayerInputs inputs, SumsWanted wanted);

    /** Factors sums; what it gives holds until {@link #advance} or {@link #pass}. */
    Factorizer factorizer();

    /** What rounds weights of {@code k} columns here; empty where that is the processor's affair. */
    Optional<WeightRounding> rounding(int k);

    /**
     * Takes another weight for the quantized stream.
     *
     * @param restored {@code [n, k]}, alive until the next layer begins
     */
    void replace(LayerLinear linear, Matrix restored);

    /** Lets go of what linears read, having added their output to the quantized stream where they add. */
    void advance(LayerInputs inputs);

    /** Lets go of what linears read, and moves both streams behind them, computed anew: weights in front of them may have changed. */
    void pass(LayerInputs inputs);

    /** Bytes of the streams. */
    long bytes();

    /** The streams as bytes: another process may go on from them. */
    List<MemorySegment> save();

    /** Takes the streams that {@link #save} gave. */
    void restore(MemorySegment saved);

    @Override
    void close();
}
