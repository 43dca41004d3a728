package dev.fewbit.quantizer.training;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.quantizer.forward.LayerLinear;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/** Layers whose codes and scales are trained, with what they are held against; wherever they are computed. */
public interface TrainedLayers extends AutoCloseable {
    /** Windows whose backward pass is in memory at a time. Fixed: the order of a sum shows in its last bits. */
    int GROUP = 8;

    /** Computes the layers' weights of codes and scales as they are now. */
    void restore();

    /** Mean loss a position of some windows. */
    double loss(int[] windows);

    /** Mean loss a position; what {@link #step} moves against is the gradient of it. */
    double gradients(int[] windows);

    /**
     * Moves codes and scales against the last gradients, and computes the layers' weights of them.
     *
     * @param codeRate of Adam, in steps of the code
     * @param scaleRate of Adam, for the logarithms of scales
     */
    void step(Adam.Step adam, double codeRate, double scaleRate);

    /** What would be stored now, a map a layer. */
    List<Map<LayerLinear, BlockQuantizedWeight>> packed();

    /**
     * All that changes while training goes on, linear by linear: {@code u [n, k]}, its two moments, and {@code l} with its own
     * {@code [3, n * blocks]}, fp32.
     *
     * @param arena for what must be copied
     */
    List<MemorySegment> state(Arena arena);

    /**
     * Takes up what {@link #state} gave.
     *
     * @param next gives that many bytes, in the same order
     */
    void goOn(LongFunction<MemorySegment> next);

    @Override
    void close();
}
