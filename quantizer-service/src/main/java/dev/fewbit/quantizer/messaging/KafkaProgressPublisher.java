package dev.fewbit.quantizer.messaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewbit.contracts.event.ProgressReport;
import dev.fewbit.quantizer.job.ProgressPublisher;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.Record;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/** Sends reports without waiting; those that the broker is too slow for are dropped. */
@ApplicationScoped
class KafkaProgressPublisher implements ProgressPublisher {
    private final MutinyEmitter<Record<String, String>> progress;
    private final ObjectMapper mapper;

    KafkaProgressPublisher(
            @Channel("progress") @OnOverflow(OnOverflow.Strategy.DROP) MutinyEmitter<Record<String, String>> progress,
            ObjectMapper mapper) {
        this.progress = progress;
        this.mapper = mapper;
    }

    @Override
    public void publish(ProgressReport report) {
        try {
            progress.sendAndForget(Record.of(report.studyId().toString(), mapper.writeValueAsString(report)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("events are always JSON", e);
        }
    }
}
