package dev.fewbit.gateway.progress;

import dev.fewbit.contracts.event.ProgressReport;
import dev.fewbit.gateway.messaging.EventReader;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Reads what the services say of their progress. */
@ApplicationScoped
class ProgressConsumer {
    private final EventReader reader;
    private final ProgressService progress;

    ProgressConsumer(EventReader reader, ProgressService progress) {
        this.reader = reader;
        this.progress = progress;
    }

    @Incoming("progress")
    Uni<Void> onProgress(Message<String> message) {
        return reader.accept(message, ProgressReport.class, progress::store);
    }
}
