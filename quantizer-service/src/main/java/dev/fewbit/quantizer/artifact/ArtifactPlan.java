package dev.fewbit.quantizer.artifact;

import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.calibration.CalibrationWindows;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.fidelity.HeldOutText;
import dev.fewbit.quantizer.matrix.Products;
import dev.fewbit.quantizer.method.QuantizationMethod;
import dev.fewbit.quantizer.training.TrainingObserver;
import dev.fewbit.quantizer.training.TrainingStore;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * All that an artifact is made from.
 *
 * @param checkpoint open while the artifact is made
 * @param recipe without what its method does not use, and of a calibration file only the name: its place changes nothing
 * @param windows for calibration, {@code null} when the method uses none
 * @param heldOutCode text that fidelity is measured on, {@code null} when it is not measured
 */
record ArtifactPlan(Checkpoint checkpoint, Recipe recipe, TokenWindows windows, Path heldOutCode) {
    /**
     * The plan for {@code recipe}, its windows drawn.
     *
     * @param root the installation's, where texts are found
     * @throws dev.fewbit.quantizer.QuantizationException when the calibration text cannot be read or is too short
     */
    static ArtifactPlan of(Checkpoint checkpoint, Recipe recipe, Path root) {
        TokenWindows windows =
                recipe.method().calibrated() ? new CalibrationWindows(root).of(recipe.calibration(), checkpoint) : null;
        Optional<Path> text = recipe.method() == Method.NONE ? Optional.empty() : HeldOutText.code(root, checkpoint);
        return new ArtifactPlan(checkpoint, canonical(recipe), windows, text.orElse(null));
    }

    private static Recipe canonical(Recipe recipe) {
        return switch (recipe.method()) {
            case NONE -> Recipe.baseline();
            case RTN -> recipe.withCalibration(null);
            case AWQ, GPTQ, GPTQ_PLUS, GPTQ_PLUS_TUNED ->
                recipe.calibration().file() == null
                        ? recipe
                        : recipe.withCalibration(recipe.calibration()
                                .withFile(recipe.calibration().label()));
        };
    }

    /**
     * What maps weights; to be closed.
     *
     * @param store where a training keeps its state
     * @param observer is told of a training's steps
     */
    QuantizationMethod method(TrainingStore store, TrainingObserver observer) {
        return windows == null
                ? QuantizationMethod.of(recipe)
                : QuantizationMethod.calibrated(recipe, checkpoint, windows, store, observer);
    }

    /** Digest of the token windows, or {@code null}. */
    String calibrationDigest() {
        return windows == null ? null : windows.digest();
    }

    /** The processors that agree on every bit: all of them, or where matrix products take part those of one kind. */
    String deviceClass() {
        return windows == null && heldOutCode == null
                ? ArtifactFiles.DEVICE_CLASS
                : ArtifactFiles.DEVICE_CLASS + "-" + Products.processor().toLowerCase(Locale.ROOT);
    }
}
