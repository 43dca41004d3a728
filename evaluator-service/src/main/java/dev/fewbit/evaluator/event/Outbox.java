package dev.fewbit.evaluator.event;

import dev.fewbit.evaluator.event.EventPublisher.Outgoing;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;

/** Events that leave when their transaction is committed: at least once, and in order a key. */
@ApplicationScoped
public class Outbox implements PanacheRepositoryBase<OutboxRecord, Long> {
    private static final int BATCH = 32;

    private final EventPublisher publisher;

    Outbox(EventPublisher publisher) {
        this.publisher = publisher;
    }

    /** Adds an event to the caller's transaction. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void add(String topic, String key, String json) {
        OutboxRecord record = new OutboxRecord();
        record.topic = topic;
        record.key = key;
        record.payload = json;
        record.createdAt = Instant.now();
        persist(record);
    }

    /**
     * Sends the oldest events. They stay locked while they are sent: a second relay waits, which keeps their order. A crash
     * between sending and commit sends them again.
     *
     * @return whether more may be waiting
     */
    @Transactional
    public boolean relay() {
        List<OutboxRecord> due = find("sentAt is null order by id")
                .page(0, BATCH)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .list();
        for (OutboxRecord record : due) {
            publisher.sendAll(record.topic, List.of(new Outgoing(record.key, record.payload)));
            record.sentAt = Instant.now();
        }
        return due.size() == BATCH;
    }
}
