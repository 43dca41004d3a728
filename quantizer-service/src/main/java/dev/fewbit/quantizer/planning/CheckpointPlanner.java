package dev.fewbit.quantizer.planning;

import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.checkpoint.InvalidCheckpointException;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.checkpoint.PublishedConfigurations;
import dev.fewbit.quantizer.QuantizationException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;

/** Plans for a checkpoint that is there, its weights or only its {@code config.json}, and for published ones that are not. */
public final class CheckpointPlanner {
    private final PublishedConfigurations published = new PublishedConfigurations();
    private final StudySizes study = new StudySizes();
    private final int processors;

    /** For this machine. */
    public CheckpointPlanner() {
        this(Runtime.getRuntime().availableProcessors());
    }

    /** @param processors that quantize: each has buffers of its own */
    CheckpointPlanner(int processors) {
        this.processors = processors;
    }

    /**
     * The plan for a checkpoint.
     *
     * @param checkpoint a directory with {@code config.json}, or a Hub id that we know
     * @param slots completions side by side
     * @param length positions of a slot
     * @throws QuantizationException when it is neither, its configuration cannot be used, or a slot is longer than its sequences may be
     */
    public CheckpointPlan plan(String checkpoint, Recipe recipe, int slots, int length) {
        ModelConfig config = config(checkpoint);
        if (length > config.maxPositionEmbeddings()) {
            throw new QuantizationException("length is " + length + "; allowed: at most "
                    + config.maxPositionEmbeddings() + ", the longest sequence of " + checkpoint);
        }
        ArtifactForecast forecast = ArtifactForecast.of(config, recipe);
        OptionalDouble gigabytes = study.gigabytes(checkpoint, recipe.bits());
        return new CheckpointPlan(
                checkpoint,
                config.architecture(),
                config.decoder().parameters(),
                recipe,
                forecast.sizes(),
                QuantizationNeeds.of(config, recipe, forecast, processors),
                ServingNeeds.of(config, forecast, slots, length),
                gigabytes.isPresent() ? gigabytes.getAsDouble() : null);
    }

    private ModelConfig config(String checkpoint) {
        Path directory = Path.of(checkpoint);
        if (!Files.isDirectory(directory)) {
            return published
                    .find(checkpoint)
                    .orElseThrow(() -> new QuantizationException("checkpoint " + checkpoint
                            + " is neither a directory nor a known id; nearest: "
                            + String.join(", ", published.nearest(checkpoint))));
        }
        try {
            return ModelConfig.read(directory);
        } catch (InvalidCheckpointException | UncheckedIOException e) {
            throw new QuantizationException(e.getMessage(), e);
        }
    }
}
