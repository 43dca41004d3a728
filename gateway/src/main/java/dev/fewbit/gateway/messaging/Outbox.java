package dev.fewbit.gateway.messaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewbit.contracts.event.Event;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.UUID;

/** Messages that wait to be sent. */
@ApplicationScoped
public class Outbox {
    private final EntityManager entities;
    private final ObjectMapper mapper;
    private final OutboxSignal signal;

    Outbox(EntityManager entities, ObjectMapper mapper, OutboxSignal signal) {
        this.entities = entities;
        this.mapper = mapper;
        this.signal = signal;
    }

    /**
     * Adds a message to the running transaction.
     *
     * @param key of the Kafka record: what is said under one key arrives in the order it was said
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void append(String topic, UUID key, Event event) {
        entities.createNativeQuery("insert into outbox (topic, record_key, payload) values (?1, ?2, ?3)")
                .setParameter(1, topic)
                .setParameter(2, key.toString())
                .setParameter(3, json(event))
                .executeUpdate();
        signal.raise();
    }

    private String json(Event event) {
        try {
            return mapper.writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(event.getClass().getSimpleName() + " is plain JSON", e);
        }
    }
}
