package dev.fewbit.gateway.messaging;

import dev.fewbit.gateway.GatewayConfig;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.hibernate.Session;
import org.jboss.logging.Logger;

/**
 * Sends what waits in the outbox. One relay works at a time over all gateways (an advisory lock), one message after another,
 * so that the order of a key is kept whatever is sent twice. A message is marked once the broker has it; a crash between the
 * two sends it again, which consumers expect.
 */
@ApplicationScoped
public class OutboxRelay {
    private static final Logger LOGGER = Logger.getLogger(OutboxRelay.class);
    private static final int BATCH = 200;
    /** A batch whose transaction ran out would be sent again as a whole. */
    private static final int LONGEST_BATCH_SECONDS = 600;

    private static final int STOP_SECONDS = 3;
    /** Any number that nobody else locks by. */
    private static final long LOCK = 0x66657762_69740001L;

    private final Session session;
    private final MutinyEmitter<String> emitter;
    private final Duration sendTimeout;
    private final ExecutorService sender = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("outbox-relay").factory());
    private final AtomicBoolean signalled = new AtomicBoolean();

    OutboxRelay(Session session, @Channel("outbox") MutinyEmitter<String> emitter, GatewayConfig config) {
        this.session = session;
        this.emitter = emitter;
        this.sendTimeout = config.messages().sendTimeout();
    }

    void onCommit(@Observes(during = TransactionPhase.AFTER_SUCCESS) OutboxSignal.Raised raised) {
        wake();
    }

    /** Picks up what a crash or a broker that was away has left. */
    @Scheduled(every = "1s", skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void wake() {
        if (!sender.isShutdown() && signalled.compareAndSet(false, true)) {
            sender.execute(this::drain);
        }
    }

    /** Lets the message on its way be marked as sent while there is a database to mark it in. */
    void onShutdown(@Observes ShutdownEvent event) throws InterruptedException {
        sender.shutdown();
        if (!sender.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
            LOGGER.warn("stopped while a message was on its way: it will be sent again");
        }
    }

    private void drain() {
        signalled.set(false);
        try {
            int sent = BATCH;
            while (sent == BATCH && !sender.isShutdown()) {
                sent = QuarkusTransaction.requiringNew()
                        .timeout(LONGEST_BATCH_SECONDS)
                        .call(this::sendBatch);
            }
        } catch (RuntimeException e) {
            // Broker or database away: what was not marked is sent by a later round. Anything thrown here would end in
            // a pool's void.
            LOGGER.warnf("outbox not drained, tried again in a second: %s", e.getMessage());
        }
    }

    private int sendBatch() {
        boolean locked = session.createNativeQuery("select pg_try_advisory_xact_lock(?1)", Boolean.class)
                .setParameter(1, LOCK)
                .getSingleResult();
        if (!locked) {
            return 0;
        }
        List<Waiting> batch = session
                .createNativeQuery(
                        "select id, topic, record_key, payload from outbox where sent_at is null order by id limit ?1",
                        Object[].class)
                .setParameter(1, BATCH)
                .getResultList()
                .stream()
                .map(Waiting::of)
                .toList();
        int sent = 0;
        for (Waiting message : batch) {
            if (sender.isShutdown() || !send(message)) {
                break;
            }
            session.createNativeMutationQuery("update outbox set sent_at = now() where id = ?1")
                    .setParameter(1, message.id())
                    .executeUpdate();
            sent++;
        }
        return sent;
    }

    private boolean send(Waiting message) {
        OutgoingKafkaRecordMetadata<String> address = OutgoingKafkaRecordMetadata.<String>builder()
                .withTopic(message.topic())
                .withKey(message.key())
                .build();
        return emitter.sendMessage(Message.of(message.payload(), Metadata.of(address)))
                .ifNoItem()
                .after(sendTimeout)
                .fail()
                .replaceWith(true)
                .onFailure()
                .invoke(e -> LOGGER.warnf("a message to %s was not confirmed: %s", message.topic(), e))
                .onFailure()
                .recoverWithItem(false)
                .await()
                .indefinitely();
    }

    private record Waiting(long id, String topic, String key, String payload) {
        static Waiting of(Object[] row) {
            return new Waiting(((Number) row[0]).longValue(), (String) row[1], (String) row[2], (String) row[3]);
        }
    }
}
