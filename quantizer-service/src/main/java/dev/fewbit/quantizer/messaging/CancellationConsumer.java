package dev.fewbit.quantizer.messaging;

import dev.fewbit.contracts.event.StudyCancelled;
import dev.fewbit.quantizer.job.JobService;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Drops the work of cancelled studies. */
@ApplicationScoped
class CancellationConsumer {
    private final EventReader reader;
    private final JobService jobs;

    CancellationConsumer(EventReader reader, JobService jobs) {
        this.reader = reader;
        this.jobs = jobs;
    }

    @Incoming("study-cancellations")
    Uni<Void> consume(Message<String> message) {
        try {
            StudyCancelled cancelled = reader.cancellation(message.getPayload());
            return Remembering.then(message, () -> jobs.cancel(cancelled.studyId()));
        } catch (UnreadableEventException e) {
            return Remembering.refuse(message, e);
        }
    }
}
