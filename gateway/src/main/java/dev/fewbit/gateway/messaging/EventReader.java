package dev.fewbit.gateway.messaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewbit.contracts.event.Event;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.function.Consumer;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/**
 * Reads a record of a topic and hands it on. What cannot be read, or is refused by the database, goes to the dead-letter topic;
 * while the database is away the record is tried again until it is back.
 */
@ApplicationScoped
public class EventReader {
    private static final Logger LOGGER = Logger.getLogger(EventReader.class);
    private static final Duration FIRST_DELAY = Duration.ofMillis(200);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(5);

    private final ObjectMapper mapper;

    EventReader(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** Acknowledges {@code message} once {@code handler} has returned. */
    public <E extends Event> Uni<Void> accept(Message<String> message, Class<E> type, Consumer<E> handler) {
        E event;
        try {
            event = message.getPayload() == null ? null : mapper.readValue(message.getPayload(), type);
        } catch (JsonProcessingException e) {
            return unreadable(message, type, e.getOriginalMessage());
        }
        if (event == null) {
            return unreadable(message, type, "it is empty");
        }
        return Uni.createFrom()
                .<Void>item(() -> {
                    handler.accept(event);
                    return null;
                })
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .onFailure(DatabaseFaults::isPassing)
                .invoke(e -> LOGGER.warnf(
                        "%s %s not stored, tried again: %s", type.getSimpleName(), event.eventId(), e.getMessage()))
                .onFailure(DatabaseFaults::isPassing)
                .retry()
                .withBackOff(FIRST_DELAY, LONGEST_DELAY)
                .indefinitely()
                .onItemOrFailure()
                .transformToUni((done, refused) -> Uni.createFrom().completionStage(() -> {
                    if (refused == null) {
                        return message.ack();
                    }
                    LOGGER.errorf(refused, "%s %s refused", type.getSimpleName(), event.eventId());
                    return message.nack(refused);
                }));
    }

    private static Uni<Void> unreadable(Message<String> message, Class<?> type, String why) {
        String reason = type.getSimpleName() + " cannot be read: " + why;
        LOGGER.warn(reason);
        return Uni.createFrom().completionStage(() -> message.nack(new IllegalArgumentException(reason)));
    }
}
