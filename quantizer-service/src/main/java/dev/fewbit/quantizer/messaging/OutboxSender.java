package dev.fewbit.quantizer.messaging;

import dev.fewbit.contracts.Topics;
import dev.fewbit.quantizer.outbox.Outbox;
import dev.fewbit.quantizer.outbox.OutboxRow;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.Record;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.reactive.messaging.Channel;

/** Sends a batch of the outbox in one transaction: what a crash leaves unmarked is sent again, which consumers bear. */
@ApplicationScoped
class OutboxSender {
    private static final int BATCH = 100;
    private static final Duration BROKER_PATIENCE = Duration.ofSeconds(30);

    private final Outbox outbox;
    private final MutinyEmitter<Record<String, String>> results;
    private final MutinyEmitter<Record<String, String>> lastProgress;

    OutboxSender(
            Outbox outbox,
            @Channel("quantization-results") MutinyEmitter<Record<String, String>> results,
            @Channel("last-progress") MutinyEmitter<Record<String, String>> lastProgress) {
        this.outbox = outbox;
        this.results = results;
        this.lastProgress = lastProgress;
    }

    /** Sends the oldest events and returns how many. */
    @Transactional
    public int sendBatch() {
        List<OutboxRow> rows = outbox.take(BATCH);
        for (OutboxRow row : rows) {
            emitter(row.topic())
                    .send(Record.of(row.key(), row.payload()))
                    .await()
                    .atMost(BROKER_PATIENCE);
            row.sent(Instant.now());
        }
        return rows.size();
    }

    private MutinyEmitter<Record<String, String>> emitter(String topic) {
        return switch (topic) {
            case Topics.QUANTIZATION_RESULTS -> results;
            case Topics.PROGRESS -> lastProgress;
            default -> throw new IllegalStateException("no channel for topic " + topic);
        };
    }
}
