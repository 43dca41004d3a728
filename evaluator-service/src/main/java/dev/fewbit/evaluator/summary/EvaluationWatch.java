package dev.fewbit.evaluator.summary;

import dev.fewbit.contracts.Topics;
import dev.fewbit.contracts.event.Event;
import dev.fewbit.contracts.event.ProgressReport;
import dev.fewbit.contracts.study.Stage;
import dev.fewbit.evaluator.evaluation.Evaluation;
import dev.fewbit.evaluator.evaluation.EvaluationActivity;
import dev.fewbit.evaluator.evaluation.EvaluationService;
import dev.fewbit.evaluator.evaluation.EvaluationState;
import dev.fewbit.evaluator.evaluation.Evaluations;
import dev.fewbit.evaluator.event.EventCodec;
import dev.fewbit.evaluator.event.EventPublisher;
import dev.fewbit.evaluator.event.EventPublisher.Outgoing;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Watches running evaluations: reports progress, and ends those whose last verdict is in or never will be. */
@ApplicationScoped
public class EvaluationWatch {
    /** What another instance stored, or a restart forgot, is found by looking at all of them this often. */
    private static final Duration SWEEP = Duration.ofSeconds(5);

    private final Evaluations evaluations;
    private final EvaluationService service;
    private final EvaluationSummaries summaries;
    private final EvaluationActivity activity;
    private final Counts counts;
    private final EventPublisher publisher;
    private final EventCodec codec;
    private final Map<UUID, EvaluationCounts> reported = new HashMap<>();
    private long lastSweep = System.nanoTime() - SWEEP.toNanos();

    EvaluationWatch(
            Evaluations evaluations,
            EvaluationService service,
            EvaluationSummaries summaries,
            EvaluationActivity activity,
            Counts counts,
            EventPublisher publisher,
            EventCodec codec) {
        this.evaluations = evaluations;
        this.service = service;
        this.summaries = summaries;
        this.activity = activity;
        this.counts = counts;
        this.publisher = publisher;
        this.codec = codec;
    }

    /** Looks at what changed since the last call. Called by one thread. */
    public void look() {
        Set<UUID> touched = new HashSet<>(activity.drain());
        if (System.nanoTime() - lastSweep >= SWEEP.toNanos()) {
            touched.addAll(evaluations.in(EvaluationState.RUNNING));
            lastSweep = System.nanoTime();
        }
        for (UUID id : touched) {
            evaluations
                    .get(id)
                    .filter(evaluation -> evaluation.state() == EvaluationState.RUNNING)
                    .ifPresentOrElse(this::look, () -> reported.remove(id));
        }
    }

    private void look(Evaluation evaluation) {
        EvaluationCounts now = counts.progress(evaluation.id());
        if (!now.equals(reported.get(evaluation.id()))) {
            report(evaluation, now);
            reported.put(evaluation.id(), now);
        }
        if (now.fault() != null) {
            service.fail(evaluation.id(), now.fault());
            reported.remove(evaluation.id());
        } else if (now.judged() == evaluation.totalSamples()) {
            service.complete(evaluation.id(), () -> summaries.of(evaluation));
            reported.remove(evaluation.id());
        }
    }

    private void report(Evaluation evaluation, EvaluationCounts now) {
        publisher.sendAll(
                Topics.PROGRESS,
                List.of(
                        record(evaluation, Stage.GENERATE, now.generated(), now.newTokens()),
                        record(evaluation, Stage.EXECUTE, now.judged(), now.newExecutions())));
    }

    private Outgoing record(Evaluation evaluation, Stage stage, long done, long amount) {
        ProgressReport report = new ProgressReport(
                Event.SCHEMA_VERSION,
                UUID.randomUUID(),
                evaluation.request().team(),
                evaluation.request().studyId(),
                evaluation.id(),
                stage,
                done,
                evaluation.totalSamples(),
                amount,
                Instant.now());
        return new Outgoing(evaluation.id().toString(), codec.write(report));
    }
}
