package dev.fewbit.evaluator;

import dev.fewbit.objectstore.ArtifactStore;
import dev.fewbit.objectstore.ContentStore;
import dev.fewbit.objectstore.DirectoryArtifactStore;
import dev.fewbit.objectstore.DirectoryBlobStore;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The object store's parts as beans. */
@Singleton
final class Stores {

    @Produces
    @Singleton
    ArtifactStore artifacts(EvaluatorConfig config) {
        try {
            return new DirectoryArtifactStore(config.store());
        } catch (IOException e) {
            throw new UncheckedIOException("fewbit.evaluator.store is " + config.store() + "; it cannot be used", e);
        }
    }

    @Produces
    @Singleton
    ContentStore contents(EvaluatorConfig config) {
        return new ContentStore(new DirectoryBlobStore(config.store()));
    }
}
