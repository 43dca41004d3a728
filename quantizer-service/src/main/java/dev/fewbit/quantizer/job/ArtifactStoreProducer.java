package dev.fewbit.quantizer.job;

import dev.fewbit.objectstore.ArtifactStore;
import dev.fewbit.objectstore.DirectoryArtifactStore;
import dev.fewbit.quantizer.QuantizerConfig;
import dev.fewbit.quantizer.artifact.StoredQuantization;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;

/** Opens the object store. */
@Singleton
class ArtifactStoreProducer {
    private final QuantizerConfig config;

    ArtifactStoreProducer(QuantizerConfig config) {
        this.config = config;
    }

    /** The store, workspaces of crashed builds removed. */
    @Produces
    @Singleton
    ArtifactStore store() throws IOException {
        ArtifactStore store = new DirectoryArtifactStore(config.store());
        store.removeAbandonedWorkspaces(config.abandonedAfter());
        return store;
    }

    @Produces
    @Singleton
    StoredQuantization quantization(ArtifactStore store) {
        return new StoredQuantization(store, config.root());
    }
}
