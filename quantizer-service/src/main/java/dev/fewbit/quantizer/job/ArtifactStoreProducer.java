package dev.fewbit.quantizer.job;

import dev.fewbit.objectstore.ArtifactStore;
import dev.fewbit.objectstore.DirectoryArtifactStore;
import dev.fewbit.quantizer.QuantizerConfig;
import dev.fewbit.quantizer.artifact.ArtifactTexts;
import dev.fewbit.quantizer.artifact.StoredQuantization;
import dev.fewbit.quantizer.fidelity.BaselineStates;
import dev.fewbit.quantizer.overlap.Decontamination;
import dev.fewbit.quantizer.streams.MemoryLimit;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;

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
        Path cache = config.cache().orElse(config.store().resolveSibling("cache"));
        return new StoredQuantization(
                store,
                new ArtifactTexts(
                        config.root(),
                        new Decontamination(config.benchmarks().orElse(null), false),
                        new BaselineStates(cache)),
                config.unfinished().orElse(config.store().resolveSibling("unfinished")),
                config.device(),
                config.memory().map(size -> new MemoryLimit(size.asLongValue())).orElseGet(MemoryLimit::standard));
    }
}
