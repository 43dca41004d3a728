package dev.fewbit.evaluator.loop;

import dev.fewbit.evaluator.EvaluatorConfig;
import dev.fewbit.evaluator.event.Outbox;
import dev.fewbit.evaluator.execution.ExecutionRelay;
import dev.fewbit.evaluator.generation.GenerationWorker;
import dev.fewbit.evaluator.preparation.EvaluationPreparation;
import dev.fewbit.evaluator.summary.EvaluationWatch;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;

/** Starts and stops the service's loops. */
@ApplicationScoped
public class BackgroundWork {
    private final EvaluatorConfig config;
    private final GenerationWorker worker;
    private final Loop generation;
    private final Loop relay;
    private final List<Loop> loops;

    BackgroundWork(
            EvaluatorConfig config,
            EvaluationPreparation preparation,
            GenerationWorker worker,
            ExecutionRelay executions,
            EvaluationWatch watch,
            Outbox outbox) {
        this.config = config;
        this.worker = worker;
        this.relay = new Loop("execution-relay", config.poll(), executions::publishNew);
        this.generation = new Loop("generation", config.poll(), this::generate);
        this.loops = List.of(
                relay,
                new Loop("execution-resend", config.resendAfter().dividedBy(2), executions::publishLost),
                new Loop("evaluation-watch", config.progressEvery(), () -> {
                    watch.look();
                    return false;
                }),
                new Loop("outbox-relay", config.poll(), outbox::relay),
                new Loop("evaluation-preparation", config.poll(), () -> {
                    preparation.prepareWaiting();
                    return false;
                }),
                generation);
    }

    /** Whether every loop runs; always true on an instance that does no background work. */
    public boolean isAlive() {
        return !config.background() || loops.stream().allMatch(Loop::isAlive);
    }

    void start(@Observes StartupEvent event) {
        if (config.background()) {
            loops.forEach(Loop::start);
        }
    }

    /** Generation first: it gives its unit back, and the relays carry away what it has stored. */
    void stop(@Observes ShutdownEvent event) {
        if (config.background()) {
            loops.reversed().forEach(Loop::close);
            worker.close();
        }
    }

    private boolean generate() {
        return worker.workOnce(generation::isStopping, relay::wake);
    }
}
