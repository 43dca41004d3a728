package dev.fewbit.quantizer.messaging;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Duration;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/** Acknowledges a record when the database has what it says, and not before. */
final class Remembering {
    private static final Logger LOGGER = Logger.getLogger(Remembering.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private Remembering() {}

    /** Runs {@code write} on a worker thread, again and again until it succeeds, then acknowledges {@code message}. */
    static Uni<Void> then(Message<String> message, Runnable write) {
        return Uni.createFrom()
                .voidItem()
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .invoke(write)
                .onFailure()
                .invoke(e -> LOGGER.warnf(e, "record not yet remembered, trying again"))
                .onFailure()
                .retry()
                .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
                .indefinitely()
                .chain(() -> Uni.createFrom().completionStage(message.ack()));
    }

    /** Sends {@code message} to the dead-letter topic. */
    static Uni<Void> refuse(Message<String> message, UnreadableEventException e) {
        LOGGER.errorf("record refused: %s", e.getMessage());
        return Uni.createFrom().completionStage(message.nack(e));
    }
}
