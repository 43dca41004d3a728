package dev.fewbit.gateway.messaging;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.UUID;

/** Ids of the events that were acted on. */
@ApplicationScoped
public class Inbox {
    private final EntityManager entities;

    Inbox(EntityManager entities) {
        this.entities = entities;
    }

    /** Remembers an event in the running transaction; false when it was acted on before. */
    @Transactional(Transactional.TxType.MANDATORY)
    public boolean isNew(UUID eventId) {
        return entities.createNativeQuery("insert into inbox (event_id) values (?1) on conflict do nothing")
                        .setParameter(1, eventId)
                        .executeUpdate()
                == 1;
    }
}
