package dev.fewbit.evaluator.messaging;

import dev.fewbit.contracts.event.Event;
import dev.fewbit.evaluator.event.EventCodec;
import dev.fewbit.evaluator.event.UnreadableEventException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/** Delivers a record to a service: first the row, then the acknowledgment. */
@ApplicationScoped
class Delivery {
    private static final Logger LOGGER = Logger.getLogger(Delivery.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final EventCodec codec;

    Delivery(EventCodec codec) {
        this.codec = codec;
    }

    /**
     * Hands the event to {@code service}, again and again until it succeeds: a database that is away holds records back and
     * loses none, however long. What is no such event goes to the dead-letter topic.
     */
    <T extends Record & Event> CompletionStage<Void> deliver(
            Message<String> message, Class<T> type, Consumer<T> service) {
        T event;
        try {
            event = codec.readEvent(message.getPayload(), type);
        } catch (UnreadableEventException e) {
            LOGGER.errorf("a record goes to the dead-letter topic: %s", e.getMessage());
            return message.nack(e);
        }
        return Uni.createFrom()
                .voidItem()
                .invoke(() -> service.accept(event))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .onFailure()
                .invoke(e -> LOGGER.warnf("%s %s not stored yet: %s", type.getSimpleName(), event.eventId(), e))
                .onFailure()
                .retry()
                .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
                .indefinitely()
                .subscribeAsCompletionStage()
                .thenCompose(done -> message.ack());
    }
}
