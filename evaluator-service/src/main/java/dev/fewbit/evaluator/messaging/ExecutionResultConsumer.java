package dev.fewbit.evaluator.messaging;

import dev.fewbit.contracts.event.ExecutionResult;
import dev.fewbit.evaluator.execution.Verdicts;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Verdicts from the sandbox. */
@ApplicationScoped
class ExecutionResultConsumer {
    private final Delivery delivery;
    private final Verdicts verdicts;

    ExecutionResultConsumer(Delivery delivery, Verdicts verdicts) {
        this.delivery = delivery;
        this.verdicts = verdicts;
    }

    @Incoming("execution-results")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    CompletionStage<Void> consume(Message<String> message) {
        return delivery.deliver(message, ExecutionResult.class, verdicts::accept);
    }
}
