package dev.fewbit.evaluator.generation;

import dev.fewbit.evaluator.event.EventCodec;
import dev.fewbit.generation.CompletionGenerator;
import dev.fewbit.generation.CompletionGenerators;
import dev.fewbit.generation.UnusableModelException;
import dev.fewbit.objectstore.ArtifactStore;
import dev.fewbit.objectstore.DirectoryArtifactStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import org.jboss.logging.Logger;

/** The one model that the worker holds, or whose server it talks to; it stays loaded until another is needed or the worker has been idle for long. */
@ApplicationScoped
class LoadedModel {
    private static final Logger LOGGER = Logger.getLogger(LoadedModel.class);
    private static final double NANOS = 1e9;

    private final ArtifactStore artifacts;
    private final CompletionGenerators generators;
    private final ServedModels served;
    private final EventCodec codec;
    private String key = "";
    private CompletionGenerator generator;

    LoadedModel(ArtifactStore artifacts, CompletionGenerators generators, ServedModels served, EventCodec codec) {
        this.artifacts = artifacts;
        this.generators = generators;
        this.served = served;
        this.codec = codec;
    }

    /** What is loaded, an empty string when nothing is. */
    String key() {
        return key;
    }

    /**
     * The generator of {@code wanted}, loaded when it is not.
     *
     * @throws UnusableModelException when the artifact is missing, damaged or cannot be loaded, or a server's key is missing
     */
    CompletionGenerator get(String wanted) {
        if (!key.equals(wanted)) {
            unload();
            generator = ServedModelKey.isOne(wanted)
                    ? served.open(ServedModelKey.parse(wanted, codec))
                    : load(ModelKey.parse(wanted));
            key = wanted;
        }
        return generator;
    }

    private CompletionGenerator load(ModelKey model) {
        long start = System.nanoTime();
        CompletionGenerator loaded = generators.open(verified(model.artifactId()), model.mode());
        LOGGER.infof(
                "loaded artifact %s (%s) in %.1f s",
                model.artifactId(), model.mode(), (System.nanoTime() - start) / NANOS);
        return loaded;
    }

    void unload() {
        CompletionGenerator loaded = generator;
        // Forgotten first: what failed to close must not be used, nor closed a second time.
        generator = null;
        key = "";
        if (loaded != null) {
            loaded.close();
        }
    }

    /** The artifact's directory, its bytes checked against its id: a damaged weight would pass for the model's fault. */
    private Path verified(String artifactId) {
        try {
            Path directory = artifacts
                    .find(artifactId)
                    .orElseThrow(
                            () -> new UnusableModelException("artifact " + artifactId + " is not in the object store"));
            String found = DirectoryArtifactStore.digestOf(directory);
            if (!found.equals(artifactId)) {
                throw new UnusableModelException(
                        "artifact " + artifactId + " is damaged: its files have the digest " + found);
            }
            return directory;
        } catch (IOException e) {
            throw new UnusableModelException("artifact " + artifactId + " cannot be read: " + e.getMessage(), e);
        }
    }
}
