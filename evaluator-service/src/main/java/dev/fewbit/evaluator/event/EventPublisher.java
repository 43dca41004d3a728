package dev.fewbit.evaluator.event;

import dev.fewbit.contracts.Topics;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;

/** Sends JSON to the topics that this service writes. */
@ApplicationScoped
public class EventPublisher {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * A record to send.
     *
     * @param key decides its partition: records with one key keep their order
     */
    public record Outgoing(String key, String json) {}

    private final Map<String, MutinyEmitter<String>> emitters;

    EventPublisher(
            @Channel("execution-requests") MutinyEmitter<String> executions,
            @Channel("evaluation-results") MutinyEmitter<String> results,
            @Channel("progress") MutinyEmitter<String> progress) {
        this.emitters = Map.of(
                Topics.EXECUTION_REQUESTS, executions,
                Topics.EVALUATION_RESULTS, results,
                Topics.PROGRESS, progress);
    }

    /**
     * Sends {@code records} in order and returns when the broker has them all; any failure throws. The caller's transaction is
     * suspended meanwhile, its locks held: it would otherwise follow the records onto Kafka's threads, and no transaction
     * commits with two threads in it.
     */
    @Transactional(Transactional.TxType.NOT_SUPPORTED)
    public void sendAll(String topic, List<Outgoing> records) {
        if (!records.isEmpty()) {
            Uni.join()
                    .all(records.stream().map(record -> send(topic, record)).toList())
                    .andFailFast()
                    .await()
                    .atMost(PATIENCE);
        }
    }

    private Uni<Void> send(String topic, Outgoing record) {
        OutgoingKafkaRecordMetadata<String> key = OutgoingKafkaRecordMetadata.<String>builder()
                .withKey(record.key())
                .build();
        return emitters.get(topic).sendMessage(Message.of(record.json(), Metadata.of(key)));
    }
}
