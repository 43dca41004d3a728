package dev.fewbit.evaluator.execution;

import dev.fewbit.contracts.Topics;
import dev.fewbit.contracts.event.Event;
import dev.fewbit.contracts.event.ExecutionRequest;
import dev.fewbit.contracts.execution.ExecutionLimits;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.evaluator.EvaluatorConfig;
import dev.fewbit.evaluator.event.EventCodec;
import dev.fewbit.evaluator.event.EventPublisher;
import dev.fewbit.evaluator.event.EventPublisher.Outgoing;
import dev.fewbit.evaluator.sql.Rows;
import dev.fewbit.evaluator.text.SourceTexts;
import dev.fewbit.objectstore.ContentStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Publishes executions that wait, and those whose answer seems lost. The rows themselves are the outbox. */
@ApplicationScoped
public class ExecutionRelay {
    private static final Logger LOGGER = Logger.getLogger(ExecutionRelay.class);
    private static final int BATCH = 64;
    private static final int SURELY_LOST = 10;

    /** Somebody still wants it. Rows of cancelled evaluations stay, unpublished, until another study needs them. */
    private static final String WANTED = """
            x.verdict IS NULL AND NOT x.given_up AND EXISTS (
              SELECT 1 FROM judgement j JOIN evaluation e ON e.id = j.evaluation_id
              WHERE j.execution_id = x.id AND e.state = 'RUNNING')""";

    private static final String SELECT = """
            SELECT x.id, x.team, x.language, x.attempt, x.limits, p.body, t.body
            FROM execution x
            JOIN source_text p ON p.digest = x.program_digest
            JOIN source_text t ON t.digest = x.tests_digest
            WHERE""" + "\n" + WANTED;

    private static final String LOCK = """
             ORDER BY x.created_at, x.id LIMIT :room FOR NO KEY UPDATE OF x SKIP LOCKED""";

    private static final String NEW = SELECT + " AND x.asked_at IS NULL AND x.not_before <= now()" + "\n" + LOCK;

    private static final String LOST = SELECT + "\n" + """
             AND (x.asked_at < now() - :patience * interval '1 millisecond' AND NOT EXISTS (
                    SELECT 1 FROM execution a WHERE a.answered_at > now() - :patience * interval '1 millisecond')
                  OR x.asked_at < now() - :lost * interval '1 millisecond')""" + "\n" + LOCK;

    private static final String IN_FLIGHT = """
            SELECT count(*) FROM execution
            WHERE verdict IS NULL AND NOT given_up AND asked_at > now() - :lost * interval '1 millisecond'""";

    private static final String MARK = """
            UPDATE execution SET attempt = attempt + 1, asked_at = now() WHERE id = ?1""";

    private final EntityManager database;
    private final EventCodec codec;
    private final EventPublisher publisher;
    private final ContentStore contents;
    private final EvaluatorConfig config;

    ExecutionRelay(
            EntityManager database,
            EventCodec codec,
            EventPublisher publisher,
            ContentStore contents,
            EvaluatorConfig config) {
        this.database = database;
        this.codec = codec;
        this.publisher = publisher;
        this.contents = contents;
        this.config = config;
    }

    /**
     * Publishes a batch of new executions, as far as the window has room. The rows stay locked until the broker has the
     * records; a crash in between publishes them again, which the sandbox's idempotent answers make harmless.
     *
     * @return whether more may be waiting
     */
    @Transactional
    public boolean publishNew() {
        long room = config.executionWindow() - inFlight();
        if (room <= 0) {
            return false;
        }
        int limit = (int) Math.min(room, BATCH);
        List<Object[]> rows =
                Rows.list(database.createNativeQuery(NEW, Object[].class).setParameter("room", limit));
        publish(rows);
        return rows.size() == BATCH;
    }

    /** Publishes again what was asked long ago and not answered. */
    @Transactional
    public boolean publishLost() {
        long patience = config.resendAfter().toMillis();
        List<Object[]> rows = Rows.list(database.createNativeQuery(LOST, Object[].class)
                .setParameter("room", BATCH)
                .setParameter("patience", patience)
                .setParameter("lost", patience * SURELY_LOST));
        if (!rows.isEmpty()) {
            LOGGER.warnf("asking again for %d executions without an answer", rows.size());
        }
        publish(rows);
        return rows.size() == BATCH;
    }

    private long inFlight() {
        return (Long) database.createNativeQuery(IN_FLIGHT, Long.class)
                .setParameter("lost", config.resendAfter().toMillis() * SURELY_LOST)
                .getSingleResult();
    }

    private void publish(List<Object[]> rows) {
        List<Outgoing> records = new ArrayList<>(rows.size());
        for (Object[] row : rows) {
            ExecutionRequest request = request(row);
            records.add(new Outgoing(request.executionId(), codec.write(request)));
            database.createNativeQuery(MARK)
                    .setParameter(1, request.executionId())
                    .executeUpdate();
        }
        publisher.sendAll(Topics.EXECUTION_REQUESTS, records);
    }

    private ExecutionRequest request(Object[] row) {
        try {
            return new ExecutionRequest(
                    Event.SCHEMA_VERSION,
                    UUID.randomUUID(),
                    (String) row[1],
                    (String) row[0],
                    (Integer) row[3] + 1,
                    ProgramLanguage.valueOf((String) row[2]),
                    contents.write(SourceTexts.text((byte[]) row[5])),
                    contents.write(SourceTexts.text((byte[]) row[6])),
                    codec.read((String) row[4], ExecutionLimits.class));
        } catch (IOException e) {
            throw new UncheckedIOException("a program cannot be put into the object store " + config.store(), e);
        }
    }
}
