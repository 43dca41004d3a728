package dev.fewbit.quantizer.method;

import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.training.TrainingObserver;
import dev.fewbit.quantizer.training.TrainingSpec;
import dev.fewbit.quantizer.training.TrainingStore;
import dev.fewbit.quantizer.training.TunedTraining;

/** A way to map the weight of a linear to what an artifact stores. Same weight, same result, whatever the number of threads. */
public sealed interface QuantizationMethod extends AutoCloseable
        permits Unquantized, RoundToNearest, WidthsByLinear, CalibratedMethod, TunedMethod {

    /** The method of {@code recipe}, one that looks at no text. */
    static QuantizationMethod of(Recipe recipe) {
        return switch (recipe.method()) {
            case NONE -> new Unquantized();
            case RTN -> new WidthsByLinear(recipe);
            case AWQ, GPTQ, GPTQ_PLUS, GPTQ_PLUS_TUNED ->
                throw new IllegalArgumentException(recipe.method() + " needs token windows");
        };
    }

    /**
     * The method of {@code recipe}, one that looks at {@code windows}; the linears of {@code checkpoint} are to be asked for in order.
     *
     * @param store where a training keeps its state
     * @param observer is told of a training's steps
     */
    static QuantizationMethod calibrated(
            Recipe recipe,
            Checkpoint checkpoint,
            TokenWindows windows,
            TrainingStore store,
            TrainingObserver observer) {
        DecoderWalk walk = recipe.method() == Method.AWQ
                ? new ActivationAwareWalk(checkpoint, windows, recipe)
                : new LayerWalk(checkpoint, windows, new CalibratedRounding(recipe));
        CalibratedMethod method = new CalibratedMethod(checkpoint.config(), walk);
        if (recipe.method() != Method.GPTQ_PLUS_TUNED) {
            return method;
        }
        TrainingSpec spec = TrainingSpec.standard(windows.sequences(), windows.length());
        return new TunedMethod(checkpoint, method, new TunedTraining(checkpoint, windows, spec, store, observer));
    }

    /**
     * Maps one weight.
     *
     * @param weight {@code [n, k]}: n outputs, k inputs
     * @throws dev.fewbit.quantizer.QuantizationException when it holds a value that cannot be mapped
     */
    QuantizedLinear apply(Tensor weight);

    /** What stands for a tensor that is no decoder linear: norms may have taken factors over. */
    default Tensor tensor(Tensor original) {
        return original;
    }

    /** Lets go of what is held between linears. */
    @Override
    default void close() {}
}
