package dev.fewbit.quantizer.training;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.quantizer.forward.LayerLinear;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Steps of Adam on the latent codes and scales of some layers. What is kept is the best of what was seen on the validation windows, the
 * beginning included: training never leaves less than it found, measured there.
 */
final class TrainingStage {
    private static final Adam ADAM = new Adam(0.9, 0.95, 1e-10);

    private final TrainingSpec spec;
    private final TrainedLayers layers;
    private final WindowOrder order;
    private List<Map<LayerLinear, BlockQuantizedWeight>> best;
    private double bestLoss;
    private int step;

    /** At the beginning, or wherever {@link #goOn} puts it. */
    TrainingStage(TrainingSpec spec, TrainedLayers layers, WindowOrder order) {
        this.spec = spec;
        this.layers = layers;
        this.order = order;
        best = layers.packed();
        bestLoss = Double.NaN;
    }

    /** Told after each step; the stage does not change while it is told. */
    interface Listener {
        void stepped(TrainingStage stage, double loss);
    }

    /** Makes the steps that are left. */
    List<Map<LayerLinear, BlockQuantizedWeight>> run(Listener listener) {
        layers.restore();
        if (step == 0) {
            bestLoss = layers.loss(order.validation());
            listener.stepped(this, bestLoss);
        }
        while (step < spec.steps()) {
            double loss = layers.gradients(order.batch(step + 1));
            step++;
            double share = spec.share(step);
            layers.step(ADAM.at(step), share * spec.codeRate(), share * spec.scaleRate());
            if (step % spec.validateEvery() == 0 || step == spec.steps()) {
                validate();
            }
            listener.stepped(this, loss);
        }
        return best;
    }

    private void validate() {
        double loss = layers.loss(order.validation());
        if (loss < bestLoss) {
            bestLoss = loss;
            best = layers.packed();
        }
    }

    /** Takes up {@link TrainedLayers#state}, as {@link TrainedLayers#goOn} does. */
    void goOn(LongFunction<MemorySegment> next) {
        layers.goOn(next);
    }

    /** Takes up the rest of a saved state. */
    void goOn(int stepsMade, double lossOfBest, List<Map<LayerLinear, BlockQuantizedWeight>> bestSoFar) {
        step = stepsMade;
        bestLoss = lossOfBest;
        best = bestSoFar;
    }

    int step() {
        return step;
    }

    double bestLoss() {
        return bestLoss;
    }

    /** What was best so far, as it would be stored. */
    List<Map<LayerLinear, BlockQuantizedWeight>> best() {
        return best;
    }

    /** As {@link TrainedLayers#state}. */
    List<MemorySegment> state(Arena arena) {
        return layers.state(arena);
    }
}
