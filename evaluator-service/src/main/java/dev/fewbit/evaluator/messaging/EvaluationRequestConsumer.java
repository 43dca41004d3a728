package dev.fewbit.evaluator.messaging;

import dev.fewbit.contracts.event.EvaluationRequest;
import dev.fewbit.evaluator.evaluation.EvaluationService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Evaluations to do. */
@ApplicationScoped
class EvaluationRequestConsumer {
    private final Delivery delivery;
    private final EvaluationService evaluations;

    EvaluationRequestConsumer(Delivery delivery, EvaluationService evaluations) {
        this.delivery = delivery;
        this.evaluations = evaluations;
    }

    @Incoming("evaluation-requests")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    CompletionStage<Void> consume(Message<String> message) {
        return delivery.deliver(message, EvaluationRequest.class, evaluations::accept);
    }
}
