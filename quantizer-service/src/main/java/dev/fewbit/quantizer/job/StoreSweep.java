package dev.fewbit.quantizer.job;

import dev.fewbit.objectstore.ArtifactStore;
import dev.fewbit.quantizer.QuantizerConfig;
import dev.fewbit.quantizer.artifact.StoredQuantization;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Removes what killed builds left in the object store, and unfinished work that nobody goes on with: at start, and again and again, since what was killed a moment before the
 * start is too young to be told from another instance's work.
 */
@ApplicationScoped
class StoreSweep {
    private static final Logger LOGGER = Logger.getLogger(StoreSweep.class);

    private final ArtifactStore store;
    private final StoredQuantization quantization;
    private final QuantizerConfig config;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("quantizer-sweep").daemon().factory());

    StoreSweep(ArtifactStore store, StoredQuantization quantization, QuantizerConfig config) {
        this.store = store;
        this.quantization = quantization;
        this.config = config;
    }

    void start(@Observes StartupEvent event) {
        thread.scheduleWithFixedDelay(
                this::sweep, 0, Math.max(1, config.abandonedAfter().toMillis()), TimeUnit.MILLISECONDS);
    }

    void stop(@Observes ShutdownEvent event) {
        thread.shutdown();
    }

    private void sweep() {
        try {
            store.removeAbandoned(config.abandonedAfter());
            quantization.removeAbandoned(Instant.now().minus(config.unfinishedKept()));
        } catch (IOException | UncheckedIOException e) {
            LOGGER.warnf("leftovers of crashed builds not removed, trying again later: %s", e);
        }
    }
}
