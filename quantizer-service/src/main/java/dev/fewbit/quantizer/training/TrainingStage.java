package dev.fewbit.quantizer.training;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.matrix.Matrix;
import java.util.List;
import java.util.Map;

/**
 * Steps of Adam on the latent codes and scales of some layers. What is kept is the best of what was seen on the validation windows, the
 * beginning included: training never leaves less than it found, measured there.
 */
final class TrainingStage {
    private static final Adam ADAM = new Adam(0.9, 0.95, 1e-10);

    private final TrainingSpec spec;
    private final List<LatentLayer> layers;
    private final LayerStack stack;
    private final Objective objective;
    private final WindowOrder order;
    private List<Map<LayerLinear, BlockQuantizedWeight>> best;
    private double bestLoss;
    private int step;

    /**
     * At the beginning, or wherever {@link #goOn} puts it.
     *
     * @param layers in their order
     * @param stack over the same layers
     */
    TrainingStage(
            TrainingSpec spec, List<LatentLayer> layers, LayerStack stack, Objective objective, WindowOrder order) {
        this.spec = spec;
        this.layers = layers;
        this.stack = stack;
        this.objective = objective;
        this.order = order;
        best = layers.stream().map(LatentLayer::packed).toList();
        bestLoss = Double.NaN;
    }

    /** Told after each step; the stage does not change while it is told. */
    interface Listener {
        void stepped(TrainingStage stage, double loss);
    }

    /** Makes the steps that are left. */
    List<Map<LayerLinear, BlockQuantizedWeight>> run(Listener listener) {
        linears().forEach(LatentLinear::restore);
        if (step == 0) {
            bestLoss = stack.loss(order.validation(), objective);
            listener.stepped(this, bestLoss);
        }
        List<Map<LayerLinear, Matrix>> gradients =
                layers.stream().map(LatentLayer::gradients).toList();
        while (step < spec.steps()) {
            linears().forEach(LatentLinear::clearGradient);
            double loss = stack.gradients(order.batch(step + 1), objective, gradients);
            step++;
            double share = spec.share(step);
            Adam.Step adam = ADAM.at(step);
            for (LatentLinear linear : linears()) {
                linear.throughRounding();
                linear.step(adam, share * spec.codeRate(), share * spec.scaleRate());
                linear.restore();
            }
            if (step % spec.validateEvery() == 0 || step == spec.steps()) {
                validate();
            }
            listener.stepped(this, loss);
        }
        return best;
    }

    private void validate() {
        double loss = stack.loss(order.validation(), objective);
        if (loss < bestLoss) {
            bestLoss = loss;
            best = layers.stream().map(LatentLayer::packed).toList();
        }
    }

    /** Takes up a saved state; the latent linears hold theirs already. */
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

    /** In a fixed order. */
    List<LatentLinear> linears() {
        return layers.stream()
                .flatMap(layer -> layer.linears().values().stream())
                .toList();
    }
}
