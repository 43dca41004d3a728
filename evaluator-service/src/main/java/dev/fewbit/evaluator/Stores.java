package dev.fewbit.evaluator;

import dev.fewbit.objectstore.ArtifactStore;
import dev.fewbit.objectstore.ContentStore;
import dev.fewbit.objectstore.DirectoryArtifactStore;
import dev.fewbit.objectstore.DirectoryBlobStore;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/** The object store's parts as beans. */
@Singleton
final class Stores {
    /** No blob takes so long to write. */
    private static final Duration ABANDONED_AFTER = Duration.ofHours(1);

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
        DirectoryBlobStore blobs = new DirectoryBlobStore(config.store());
        try {
            blobs.removeAbandoned(ABANDONED_AFTER);
        } catch (IOException e) {
            throw new UncheckedIOException("fewbit.evaluator.store is " + config.store() + "; it cannot be used", e);
        }
        return new ContentStore(blobs);
    }
}
