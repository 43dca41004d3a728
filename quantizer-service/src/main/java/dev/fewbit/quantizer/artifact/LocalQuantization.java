package dev.fewbit.quantizer.artifact;

import dev.fewbit.contracts.artifact.ArtifactManifest;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.InvalidCheckpointException;
import dev.fewbit.objectstore.DurableFiles;
import dev.fewbit.quantizer.QuantizationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** Makes an artifact in this process, without a store, a database or a broker: what {@code fewbit quantize} calls. */
public final class LocalQuantization {
    private final ArtifactTexts texts;

    /** With the working directory for the installation's root. */
    public LocalQuantization() {
        this(Path.of(""));
    }

    /** @param root the installation's, where the texts for calibration and fidelity are found */
    public LocalQuantization(Path root) {
        this(ArtifactTexts.of(root));
    }

    public LocalQuantization(ArtifactTexts texts) {
        this.texts = texts;
    }

    /** As {@link #quantize(Path, Recipe, Path, BuildObserver)}, unwatched. */
    public ArtifactManifest quantize(Path checkpoint, Recipe recipe, Path out) {
        return quantize(checkpoint, recipe, out, BuildObserver.NONE);
    }

    /**
     * Makes the artifact of {@code recipe} in the new directory {@code out}. It is written under another name beside {@code out}, flushed
     * to disk and renamed, so that {@code out} is whole or absent.
     *
     * @param checkpoint directory of the checkpoint
     * @param out must not exist; its parent must
     * @throws QuantizationException with a message of one line when the checkpoint is invalid, {@code out} exists or cannot be
     *     written, or a weight cannot be mapped
     */
    public ArtifactManifest quantize(Path checkpoint, Recipe recipe, Path out, BuildObserver observer) {
        Path target = out.toAbsolutePath().normalize();
        if (Files.exists(target)) {
            throw new QuantizationException(out + ": exists already; allowed: a path where nothing is yet");
        }
        if (!Files.isDirectory(target.getParent())) {
            throw new QuantizationException(out + ": cannot be written: " + target.getParent()
                    + " is no directory; allowed: a path in an existing one");
        }
        try (Checkpoint opened = Checkpoint.open(checkpoint)) {
            return write(new ArtifactBuilder(ArtifactPlan.of(opened, recipe, texts)), target, observer);
        } catch (InvalidCheckpointException e) {
            throw new QuantizationException(e.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw new QuantizationException(e.getMessage(), e);
        } catch (IOException e) {
            throw new QuantizationException(out + ": cannot be written: " + reason(e) + "; nothing is left behind", e);
        }
    }

    private static ArtifactManifest write(ArtifactBuilder builder, Path target, BuildObserver observer)
            throws IOException {
        Path temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
        Files.createDirectory(temporary);
        try {
            ArtifactManifest manifest = builder.build(temporary, observer);
            DirectoryTree.flush(temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            DurableFiles.flushDirectory(target.getParent());
            return manifest;
        } finally {
            DirectoryTree.delete(temporary);
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied: " + denied.getFile();
            case NoSuchFileException missing -> "no such file: " + missing.getFile();
            default -> String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        };
    }
}
