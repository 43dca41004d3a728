package dev.fewbit.gateway.orchestration;

import dev.fewbit.contracts.Topics;
import dev.fewbit.contracts.event.EvaluationRequest;
import dev.fewbit.contracts.event.EvaluationResult;
import dev.fewbit.contracts.event.Event;
import dev.fewbit.contracts.event.QuantizationRequest;
import dev.fewbit.contracts.event.QuantizationResult;
import dev.fewbit.contracts.event.StudyCancelled;
import dev.fewbit.gateway.messaging.Inbox;
import dev.fewbit.gateway.messaging.Outbox;
import dev.fewbit.gateway.study.StudyGrid;
import dev.fewbit.gateway.study.StudyLedger;
import dev.fewbit.gateway.study.StudySnapshot;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Moves studies from state to state and asks the other services for the work that is due. */
@ApplicationScoped
@Transactional
public class Orchestrator {
    private static final Logger LOGGER = Logger.getLogger(Orchestrator.class);

    private final StudyLedger ledger;
    private final Outbox outbox;
    private final Inbox inbox;

    Orchestrator(StudyLedger ledger, Outbox outbox, Inbox inbox) {
        this.ledger = ledger;
        this.outbox = outbox;
        this.inbox = inbox;
    }

    /** Writes a study and asks for all its artifacts, and for the evaluations that need none. */
    public StudySnapshot start(String team, StudyGrid grid) {
        StudySnapshot study = ledger.open(team, grid);
        UUID id = study.head().id();
        for (StudySnapshot.Job job : study.jobs()) {
            if (job.served()) {
                study.cells().stream()
                        .filter(cell -> cell.jobId().equals(job.id()))
                        .forEach(cell -> evaluate(study.head(), job, cell));
            } else {
                quantize(study.head(), job);
            }
        }
        LOGGER.infof("study %s of team %s started: %d artifacts, %d cells", id, team, grid.artifacts(), grid.size());
        return study;
    }

    /** Stops a study and tells every service; throws as {@link StudyLedger#cancel} does. */
    public void cancel(String team, UUID id) {
        ledger.cancel(team, id);
        outbox.append(Topics.CANCELLATIONS, id, new StudyCancelled(Event.SCHEMA_VERSION, UUID.randomUUID(), team, id));
        LOGGER.infof("study %s of team %s cancelled", id, team);
    }

    /** A quantization job has ended: its cells are asked for, or fail with it. */
    public void onQuantization(QuantizationResult result) {
        if (!inbox.isNew(result.eventId())) {
            return;
        }
        if (result.artifactId() == null || result.sizes() == null || result.provenance() == null) {
            boolean counted = ledger.artifactFailed(result.jobId(), result.attempt(), reason(result.failure()));
            log("quantization job", result.jobId(), "failed", counted);
            return;
        }
        StudyLedger.Made made = new StudyLedger.Made(
                result.artifactId(), result.sizes(), result.provenance(), result.seconds(), result.reused());
        boolean counted = ledger.artifactMade(result.jobId(), result.attempt(), made)
                .map(ready -> {
                    ready.cells().forEach(cell -> evaluate(ready.study(), ready.job(), cell));
                    return true;
                })
                .orElse(false);
        log("quantization job", result.jobId(), "done", counted);
    }

    /** An evaluation has ended: its cell is done, or failed. */
    public void onEvaluation(EvaluationResult result) {
        if (!inbox.isNew(result.eventId())) {
            return;
        }
        boolean done = result.summary() != null;
        boolean counted = done
                ? ledger.cellDone(result.evaluationId(), result.summary())
                : ledger.cellFailed(result.evaluationId(), reason(result.failure()));
        log("evaluation", result.evaluationId(), done ? "done" : "failed", counted);
    }

    private void quantize(StudySnapshot.Head study, StudySnapshot.Job job) {
        outbox.append(
                Topics.QUANTIZATION_REQUESTS,
                job.id(),
                new QuantizationRequest(
                        Event.SCHEMA_VERSION,
                        UUID.randomUUID(),
                        study.team(),
                        job.id(),
                        study.id(),
                        job.checkpoint(),
                        job.recipe()));
    }

    private void evaluate(StudySnapshot.Head study, StudySnapshot.Job job, StudySnapshot.Cell cell) {
        outbox.append(
                Topics.EVALUATION_REQUESTS,
                cell.id(),
                new EvaluationRequest(
                        Event.SCHEMA_VERSION,
                        UUID.randomUUID(),
                        study.team(),
                        cell.id(),
                        study.id(),
                        job.artifactId(),
                        job.generator(),
                        cell.benchmark(),
                        study.spec().samples(),
                        study.spec().decoding()));
    }

    private static String reason(String failure) {
        // PostgreSQL refuses U+0000 in texts: the result would go to the dead letters and its study never end.
        return failure == null || failure.isBlank() ? "no reason was given" : failure.replace('\0', '\uFFFD');
    }

    private static void log(String what, UUID id, String how, boolean counted) {
        LOGGER.infof("%s %s %s%s", what, id, how, counted ? "" : ", dropped: unknown or ended before");
    }
}
