package dev.fewbit.evaluator.messaging;

import dev.fewbit.contracts.event.StudyCancelled;
import dev.fewbit.evaluator.evaluation.EvaluationService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Studies that nobody wants any more. */
@ApplicationScoped
class CancellationConsumer {
    private final Delivery delivery;
    private final EvaluationService evaluations;

    CancellationConsumer(Delivery delivery, EvaluationService evaluations) {
        this.delivery = delivery;
        this.evaluations = evaluations;
    }

    @Incoming("study-cancellations")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    CompletionStage<Void> consume(Message<String> message) {
        return delivery.deliver(message, StudyCancelled.class, evaluations::cancel);
    }
}
