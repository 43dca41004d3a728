package dev.fewbit.gateway.messaging;

import dev.fewbit.gateway.GatewayConfig;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;

/** Forgets messages older than the retention: sent ones of the outbox, all of the inbox. */
@ApplicationScoped
class MessageCleanup {
    private final EntityManager entities;
    private final Duration retention;

    MessageCleanup(EntityManager entities, GatewayConfig config) {
        this.entities = entities;
        this.retention = config.messages().retention();
    }

    @Scheduled(every = "1h", delayed = "1m", skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    @Transactional
    void forget() {
        Instant before = Instant.now().minus(retention);
        entities.createNativeQuery("delete from outbox where sent_at < ?1")
                .setParameter(1, before)
                .executeUpdate();
        entities.createNativeQuery("delete from inbox where received_at < ?1")
                .setParameter(1, before)
                .executeUpdate();
    }
}
