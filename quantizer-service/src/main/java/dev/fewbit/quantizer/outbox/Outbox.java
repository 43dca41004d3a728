package dev.fewbit.quantizer.outbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewbit.contracts.event.Event;
import io.quarkus.hibernate.orm.panache.PanacheRepository;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The outbox table. All methods run in the caller's transaction. */
@ApplicationScoped
public class Outbox implements PanacheRepository<OutboxRow> {
    /** Any number that no other lock of this database has: relays of all instances take it, so that one sends at a time. */
    private static final long RELAY_LOCK = 0x0F3B_0071L;

    private final ObjectMapper mapper;

    Outbox(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * Adds an event.
     *
     * @param topic to send it to
     * @param studyId the record's key: events of a study keep their order
     */
    public void add(String topic, UUID studyId, Event event) {
        try {
            persist(new OutboxRow(topic, studyId.toString(), mapper.writeValueAsString(event), Instant.now()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("events are always JSON", e);
        }
    }

    /** The oldest unsent events, at most {@code limit}; none while another instance is sending. */
    public List<OutboxRow> take(int limit) {
        boolean mine = (Boolean) getEntityManager()
                .createNativeQuery("select pg_try_advisory_xact_lock(:lock)", Boolean.class)
                .setParameter("lock", RELAY_LOCK)
                .getSingleResult();
        return mine ? find("sentAt is null order by id").page(0, limit).list() : List.of();
    }
}
