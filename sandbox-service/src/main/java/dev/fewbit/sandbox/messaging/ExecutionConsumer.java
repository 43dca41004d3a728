package dev.fewbit.sandbox.messaging;

import io.smallrye.reactive.messaging.annotations.Blocking;
import io.smallrye.reactive.messaging.kafka.Record;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * Execution requests in, results out. A request is acknowledged after its result was published, so a service that dies leaves its
 * requests to be delivered again; the same verdict then comes twice, and the evaluator counts it once. What cannot be read goes to
 * the dead-letter topic.
 */
@ApplicationScoped
public class ExecutionConsumer {
    private final ExecutionRequestHandler handler;
    private final Emitter<Record<String, String>> results;

    public ExecutionConsumer(
            ExecutionRequestHandler handler, @Channel("execution-results") Emitter<Record<String, String>> results) {
        this.handler = handler;
        this.results = results;
    }

    @Incoming("execution-requests")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    @Blocking(value = "executions", ordered = false)
    public CompletionStage<Void> consume(Message<String> request) {
        return switch (handler.handle(request.getPayload())) {
            case ExecutionRequestHandler.Answer.Result result ->
                results.send(Record.of(result.executionId(), result.json())).thenCompose(sent -> request.ack());
            case ExecutionRequestHandler.Answer.Unreadable unreadable ->
                request.nack(new UnreadableRequestException(unreadable.reason()));
            // Neither acknowledged nor refused: it is delivered again after the next start.
            case ExecutionRequestHandler.Answer.Stopping _ -> new CompletableFuture<>();
        };
    }
}
