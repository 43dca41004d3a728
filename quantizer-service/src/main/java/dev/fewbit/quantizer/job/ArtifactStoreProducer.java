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

    @Produces
    @Singleton
    ArtifactStore store() throws IOException {
        return new DirectoryArtifactStore(config.store());
    }

    @Produces
    @Singleton
    StoredQuantization quantization(ArtifactStore store) {
        return new StoredQuantization(store, config.root());
    }
}
