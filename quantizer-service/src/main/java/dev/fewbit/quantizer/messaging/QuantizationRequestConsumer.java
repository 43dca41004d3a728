package dev.fewbit.quantizer.messaging;

import dev.fewbit.contracts.event.QuantizationRequest;
import dev.fewbit.quantizer.job.JobService;
import dev.fewbit.quantizer.job.JobWorkers;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Turns requests into rows. */
@ApplicationScoped
class QuantizationRequestConsumer {
    private final EventReader reader;
    private final JobService jobs;
    private final JobWorkers workers;

    QuantizationRequestConsumer(EventReader reader, JobService jobs, JobWorkers workers) {
        this.reader = reader;
        this.jobs = jobs;
        this.workers = workers;
    }

    @Incoming("quantization-requests")
    Uni<Void> consume(Message<String> message) {
        try {
            QuantizationRequest request = reader.request(message.getPayload());
            return Remembering.then(message, () -> {
                jobs.accept(request);
                workers.wake();
            });
        } catch (UnreadableEventException e) {
            return Remembering.refuse(message, e);
        }
    }
}
