package dev.fewbit.quantizer.messaging;

import dev.fewbit.quantizer.QuantizerConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Looks through the outbox again and again. */
@ApplicationScoped
class OutboxRelay {
    private static final Logger LOGGER = Logger.getLogger(OutboxRelay.class);

    private final OutboxSender sender;
    private final QuantizerConfig config;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("quantizer-outbox").daemon().factory());

    OutboxRelay(OutboxSender sender, QuantizerConfig config) {
        this.sender = sender;
        this.config = config;
    }

    void start(@Observes StartupEvent event) {
        long pause = config.relay().toMillis();
        thread.scheduleWithFixedDelay(this::relay, pause, pause, TimeUnit.MILLISECONDS);
    }

    void stop(@Observes ShutdownEvent event) {
        thread.shutdown();
    }

    private void relay() {
        try {
            int sent;
            do {
                sent = sender.sendBatch();
            } while (sent > 0);
        } catch (RuntimeException e) {
            // Broker or database away: many types, one remedy. The rows stay and are sent at the next look.
            LOGGER.warnf(e, "outbox not sent, trying again");
        }
    }
}
