package dev.fewbit.quantizer.artifact;

import dev.fewbit.contracts.artifact.BenchmarkOverlap;
import dev.fewbit.contracts.artifact.CalibrationProvenance;
import dev.fewbit.contracts.recipe.CalibrationSpec;
import dev.fewbit.contracts.recipe.FidelitySpec;
import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.contracts.recipe.WidthOverride;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.decoder.DecoderSpec;
import dev.fewbit.model.decoder.LinearSpec;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.calibration.Calibration;
import dev.fewbit.quantizer.calibration.CalibrationWindows;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.fidelity.BaselineStates;
import dev.fewbit.quantizer.fidelity.HeldOutTexts;
import dev.fewbit.quantizer.forward.ForwardSupport;
import dev.fewbit.quantizer.matrix.Products;
import dev.fewbit.quantizer.method.QuantizationMethod;
import dev.fewbit.quantizer.method.QuantizingMemory;
import dev.fewbit.quantizer.streams.CalibrationEngine;
import dev.fewbit.quantizer.streams.MemoryLimit;
import dev.fewbit.quantizer.training.TrainingEngine;
import dev.fewbit.quantizer.work.WorkDirectory;
import dev.fewbit.quantizer.work.WorkObserver;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * All that an artifact is made from.
 *
 * @param checkpoint open while the artifact is made
 * @param recipe without what its method does not use, and of files only the name: their place changes nothing
 * @param calibration {@code null} when the method uses none
 * @param overlap of the calibration text with benchmarks
 * @param heldOut texts that fidelity is measured on
 * @param baseline what the 16-bit model gives on them
 * @param engine computes calibration windows; {@code null} when the method uses none
 * @param training trains, where the method does
 * @param memory that quantizing may take
 */
record ArtifactPlan(
        Checkpoint checkpoint,
        Recipe recipe,
        Calibration calibration,
        List<BenchmarkOverlap> overlap,
        HeldOutTexts heldOut,
        BaselineStates baseline,
        CalibrationEngine engine,
        TrainingEngine training,
        MemoryLimit memory) {
    /**
     * The plan for {@code recipe}, its windows drawn.
     *
     * @param device opened only where the method looks at text
     * @throws QuantizationException when a text cannot be read or is too short, calibration and held-out texts have a document in
     *     common, calibration text overlaps with a benchmark and must not, or an override matches no linear
     */
    static ArtifactPlan of(
            Checkpoint checkpoint, Recipe recipe, ArtifactTexts texts, Device device, MemoryLimit memory) {
        requireMatches(checkpoint, recipe);
        requireForward(checkpoint, recipe);
        Path root = texts.root();
        Calibration calibration = recipe.method().calibrated()
                ? new CalibrationWindows(root).draw(recipe.calibration(), checkpoint)
                : null;
        HeldOutTexts heldOut = recipe.method() == Method.NONE
                ? HeldOutTexts.NONE
                : HeldOutTexts.of(root, checkpoint, recipe.fidelity());
        List<BenchmarkOverlap> overlap = List.of();
        if (calibration != null) {
            heldOut.requireDisjoint(calibration.documents());
            overlap = texts.decontamination().check(root, calibration.documents());
        }
        return new ArtifactPlan(
                checkpoint,
                canonical(recipe),
                calibration,
                overlap,
                heldOut,
                texts.baseline(),
                calibration == null ? null : device.engine(),
                device.training(),
                memory);
    }

    private static void requireMatches(Checkpoint checkpoint, Recipe recipe) {
        List<LinearSpec> linears = checkpoint.config().decoder().linears();
        for (WidthOverride override : recipe.overrides()) {
            if (linears.stream().noneMatch(linear -> override.matches(linear.weight()))) {
                throw new QuantizationException("overrides: '%s' matches no linear of %s; allowed: such as %s"
                        .formatted(
                                override.match(),
                                checkpoint.directory(),
                                linears.getLast()
                                        .weight()
                                        .replaceFirst("^model\\.", "")
                                        .replaceFirst("\\.weight$", "")));
            }
        }
    }

    /** A method that looks at text, or fidelity, computes the decoder itself. */
    private static void requireForward(Checkpoint checkpoint, Recipe recipe) {
        DecoderSpec decoder = checkpoint.config().decoder();
        boolean calibrated = recipe.method().calibrated();
        String method = "method " + recipe.method();
        if (calibrated || recipe.fidelity() != null) {
            refuse(
                    checkpoint,
                    calibrated ? method : "fidelity",
                    ForwardSupport.missing(decoder),
                    "rtn without fidelity");
        }
        if (recipe.method() == Method.GPTQ_PLUS_TUNED) {
            refuse(checkpoint, method, ForwardSupport.beyondLlama(decoder), "rtn, gptq or gptq+");
        }
        if (recipe.method() == Method.AWQ) {
            refuse(checkpoint, method, ForwardSupport.notFoldable(decoder), "rtn, gptq or gptq+");
        }
    }

    private static void refuse(Checkpoint checkpoint, String what, Optional<String> reason, String allowed) {
        reason.ifPresent(has -> {
            throw new QuantizationException("%s: %s of %s is not built yet, it has %s; allowed: %s"
                    .formatted(checkpoint.directory(), what, checkpoint.config().architecture(), has, allowed));
        });
    }

    private static Recipe canonical(Recipe recipe) {
        if (recipe.method() == Method.NONE) {
            return Recipe.baseline();
        }
        FidelitySpec fidelity = recipe.fidelity();
        Recipe named = fidelity == null
                ? recipe
                : recipe.withFidelity(new FidelitySpec(fileName(fidelity.code()), fileName(fidelity.text())));
        if (!recipe.method().calibrated()) {
            return named.withCalibration(null);
        }
        CalibrationSpec calibration = recipe.calibration();
        return calibration.file() == null ? named : named.withCalibration(calibration.withFile(calibration.label()));
    }

    private static String fileName(String path) {
        return path == null ? null : Path.of(path).getFileName().toString();
    }

    /**
     * What maps weights; to be closed.
     *
     * @param work keeps what is finished
     * @param observer is told how far it is
     */
    QuantizationMethod method(WorkDirectory work, WorkObserver observer) {
        if (calibration == null) {
            return QuantizationMethod.of(recipe);
        }
        CalibrationEngine within = engine.within(() -> {
            QuantizingMemory needs = QuantizingMemory.of(checkpoint.config(), recipe, windows());
            return memory.beside(needs.needed(), needs.largest(), work.path());
        });
        return QuantizationMethod.calibrated(recipe, checkpoint, windows(), within, training, work, observer);
    }

    /** The token windows, or {@code null}. */
    TokenWindows windows() {
        return calibration == null ? null : calibration.windows();
    }

    /** Digest of the token windows, or {@code null}. */
    String calibrationDigest() {
        return calibration == null ? null : windows().digest();
    }

    /** What is told of the token windows, or {@code null}. */
    CalibrationProvenance calibrationProvenance() {
        return calibration == null
                ? null
                : new CalibrationProvenance(
                        calibration.spec().label(),
                        windows().sequences(),
                        windows().length(),
                        calibration.spec().seed(),
                        calibration.bos(),
                        calibration.documents().size(),
                        windows().digest(),
                        overlap);
    }

    /** Whether fidelity is measured. */
    boolean measured() {
        return !heldOut.byKey().isEmpty();
    }

    /**
     * The processors that agree on every bit: all of them, or where matrix products take part those of one kind, with the kind of GPU where
     * one computes calibration windows, such as {@code cpu-zen+cuda-h100-80gb-hbm3}.
     */
    String deviceClass() {
        if (calibration == null && !measured()) {
            return ArtifactFiles.DEVICE_CLASS;
        }
        String kind = calibration == null ? Products.processor() : engine.deviceClass();
        return ArtifactFiles.DEVICE_CLASS + "-" + kind.toLowerCase(Locale.ROOT);
    }
}
