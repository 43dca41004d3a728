package dev.fewbit.quantizer.method;

import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.streams.CalibrationEngine;
import dev.fewbit.quantizer.training.TrainingEngine;
import dev.fewbit.quantizer.training.TrainingSpec;
import dev.fewbit.quantizer.training.TrainingStore;
import dev.fewbit.quantizer.training.TunedTraining;
import dev.fewbit.quantizer.training.WorkTrainingStore;
import dev.fewbit.quantizer.work.WorkDirectory;
import dev.fewbit.quantizer.work.WorkObserver;

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

    /** The method for embedding and head: round to nearest, whatever the linears get. */
    static QuantizationMethod embedding(Recipe recipe) {
        int bits = recipe.embeddingBits();
        return new RoundToNearest(bits, recipe.blockSize(), BlockRange.of(recipe, bits));
    }

    /**
     * The method of {@code recipe}, one that looks at {@code windows}; the linears of {@code checkpoint} are to be asked for in order.
     *
     * @param engine computes the windows
     * @param training trains, and goes back through the 16-bit model, where the method does
     * @param work keeps what is finished
     * @param observer is told how far it is
     */
    static QuantizationMethod calibrated(
            Recipe recipe,
            Checkpoint checkpoint,
            TokenWindows windows,
            CalibrationEngine engine,
            TrainingEngine training,
            WorkDirectory work,
            WorkObserver observer) {
        if (recipe.method() != Method.GPTQ_PLUS_TUNED) {
            return walking(recipe, checkpoint, windows, engine, training, work, observer);
        }
        TunedProgress trained = new TunedProgress(
                observer, checkpoint.config().decoder().linears().size());
        CalibratedMethod method = walking(recipe, checkpoint, windows, engine, training, work, trained);
        TrainingSpec spec = TrainingSpec.standard(windows.sequences(), windows.length());
        TrainingStore store = new WorkTrainingStore(work);
        return new TunedMethod(
                checkpoint, method, new TunedTraining(checkpoint, windows, spec, store, trained, training));
    }

    private static CalibratedMethod walking(
            Recipe recipe,
            Checkpoint checkpoint,
            TokenWindows windows,
            CalibrationEngine engine,
            TrainingEngine training,
            WorkDirectory work,
            WorkObserver observer) {
        DecoderWalk walk = recipe.method() == Method.AWQ
                ? new ActivationAwareWalk(checkpoint, windows, recipe, engine, observer)
                : new LayerWalk(checkpoint, windows, new CalibratedRounding(recipe), engine, training, work, observer);
        return new CalibratedMethod(checkpoint.config(), walk, work);
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

    /** All that was handed out has been written: its memory may be used again. */
    default void written() {}

    /** Lets go of what is held between linears. */
    @Override
    default void close() {}
}
