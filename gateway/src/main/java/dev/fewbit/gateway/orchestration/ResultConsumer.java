package dev.fewbit.gateway.orchestration;

import dev.fewbit.contracts.event.EvaluationResult;
import dev.fewbit.contracts.event.QuantizationResult;
import dev.fewbit.gateway.messaging.EventReader;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Reads the results of the quantizer and the evaluator. */
@ApplicationScoped
class ResultConsumer {
    private final EventReader reader;
    private final Orchestrator orchestrator;

    ResultConsumer(EventReader reader, Orchestrator orchestrator) {
        this.reader = reader;
        this.orchestrator = orchestrator;
    }

    @Incoming("quantization-results")
    Uni<Void> onQuantization(Message<String> message) {
        return reader.accept(message, QuantizationResult.class, orchestrator::onQuantization);
    }

    @Incoming("evaluation-results")
    Uni<Void> onEvaluation(Message<String> message) {
        return reader.accept(message, EvaluationResult.class, orchestrator::onEvaluation);
    }
}
