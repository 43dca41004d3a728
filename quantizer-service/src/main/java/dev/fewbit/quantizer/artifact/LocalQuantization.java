package dev.fewbit.quantizer.artifact;

import dev.fewbit.contracts.artifact.ArtifactManifest;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.InvalidCheckpointException;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.streams.MemoryLimit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Makes an artifact in this process, without a store, a database or a broker: what {@code fewbit quantize} calls. */
public final class LocalQuantization {
    private final ArtifactTexts texts;
    private final Device device;
    private final MemoryLimit memory;

    /** With the working directory for the installation's root. */
    public LocalQuantization() {
        this(Path.of(""));
    }

    /** @param root the installation's, where the texts for calibration and fidelity are found */
    public LocalQuantization(Path root) {
        this(ArtifactTexts.of(root));
    }

    public LocalQuantization(ArtifactTexts texts) {
        this(texts, Device.CPU);
    }

    /** @param device that calibration windows are computed on */
    public LocalQuantization(ArtifactTexts texts, Device device) {
        this(texts, device, MemoryLimit.standard());
    }

    /** @param memory that quantizing may take; shows in no byte */
    public LocalQuantization(ArtifactTexts texts, MemoryLimit memory) {
        this(texts, Device.CPU, memory);
    }

    /**
     * With all that is not said by a recipe.
     *
     * @param device that calibration windows are computed on
     * @param memory of the host that quantizing may take; shows in no byte
     */
    public LocalQuantization(ArtifactTexts texts, Device device, MemoryLimit memory) {
        this.texts = texts;
        this.device = device;
        this.memory = memory;
    }

    /** As {@link #quantize(Path, Recipe, Path, boolean, BuildObserver)}, replacing nothing and unwatched. */
    public ArtifactManifest quantize(Path checkpoint, Recipe recipe, Path out) {
        return quantize(checkpoint, recipe, out, false, BuildObserver.NONE);
    }

    /**
     * Makes the artifact of {@code recipe} in the directory {@code out}. It is written in a work directory beside {@code out}, flushed to disk and
     * renamed, so that {@code out} is whole or absent. The work directory is removed when this returns or throws; when the process is
     * killed it stays, and the next call with the same inputs goes on from it.
     *
     * @param checkpoint directory of the checkpoint
     * @param out must not exist, unless it may be overwritten; its parent must
     * @param overwrite an artifact that is there is replaced once the new one is whole
     * @throws QuantizationException with a message of one line when the checkpoint is invalid, {@code out} exists or cannot be
     *     written, another process is making it, or a weight cannot be mapped
     */
    public ArtifactManifest quantize(
            Path checkpoint, Recipe recipe, Path out, boolean overwrite, BuildObserver observer) {
        ArtifactPlace place = new ArtifactPlace(out);
        try {
            place.require(overwrite);
            try (Checkpoint opened = Checkpoint.open(checkpoint)) {
                ArtifactPlan plan = ArtifactPlan.of(opened, recipe, texts, device, memory);
                if (device != Device.CPU && plan.engine() == null) {
                    observer.note("method " + plan.recipe().method() + " looks at no text: there is nothing to do for "
                            + device);
                }
                return place.make(
                        ArtifactIndexKey.of(plan).canonical(),
                        observer,
                        (directory, work) -> new ArtifactBuilder(plan).build(directory, work, observer));
            }
        } catch (InvalidCheckpointException | UncheckedIOException e) {
            throw new QuantizationException(e.getMessage(), e);
        } catch (IOException e) {
            throw new QuantizationException(out + ": cannot be written: " + reason(e) + "; nothing is left behind", e);
        }
    }

    /** One line for a person. */
    static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied: " + denied.getFile();
            case NoSuchFileException missing -> "no such file: " + missing.getFile();
            default -> String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        };
    }
}
