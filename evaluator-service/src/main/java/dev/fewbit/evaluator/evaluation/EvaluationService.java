package dev.fewbit.evaluator.evaluation;

import dev.fewbit.contracts.Topics;
import dev.fewbit.contracts.evaluation.EvaluationSummary;
import dev.fewbit.contracts.event.EvaluationRequest;
import dev.fewbit.contracts.event.EvaluationResult;
import dev.fewbit.contracts.event.Event;
import dev.fewbit.contracts.event.StudyCancelled;
import dev.fewbit.evaluator.event.EventCodec;
import dev.fewbit.evaluator.event.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Begins and ends evaluations. Every method is one transaction, idempotent, and right whatever came before it. */
@ApplicationScoped
public class EvaluationService {
    private static final Logger LOGGER = Logger.getLogger(EvaluationService.class);

    /** Class of the advisory locks of studies; any number that no other lock of this database has. */
    private static final int STUDY_LOCK = 0x0F3B_0073;

    /** Also when its study's cancellation came first: then it is born cancelled. */
    private static final String INSERT = """
            INSERT INTO evaluation (id, team, study_id, request, artifact_id, samples, state)
            SELECT ?1, ?2, ?3, ?4, ?5, ?6,
              CASE WHEN EXISTS (SELECT 1 FROM cancelled_study WHERE study_id = ?3) THEN 'CANCELLED' ELSE 'REQUESTED' END
            ON CONFLICT DO NOTHING""";

    private final Evaluations evaluations;
    private final Outbox outbox;
    private final EventCodec codec;

    EvaluationService(Evaluations evaluations, Outbox outbox, EventCodec codec) {
        this.evaluations = evaluations;
        this.outbox = outbox;
        this.codec = codec;
    }

    /** Writes the request's row, once. Who asks again for an evaluation that has ended gets the same result event again. */
    @Transactional
    public void accept(EvaluationRequest request) {
        lockStudy(request.studyId());
        int inserted = evaluations
                .getEntityManager()
                .createNativeQuery(INSERT)
                .setParameter(1, request.evaluationId())
                .setParameter(2, request.team())
                .setParameter(3, request.studyId())
                .setParameter(4, codec.write(request))
                .setParameter(5, request.subject())
                .setParameter(6, request.samples())
                .executeUpdate();
        if (inserted == 0) {
            evaluations
                    .findByIdOptional(request.evaluationId())
                    .filter(row -> row.result != null)
                    .ifPresent(row -> outbox.add(Topics.EVALUATION_RESULTS, row.id.toString(), row.result));
        }
    }

    /** Stops all open evaluations of the study, and those whose request is still on its way. */
    @Transactional
    public void cancel(StudyCancelled cancellation) {
        lockStudy(cancellation.studyId());
        evaluations
                .getEntityManager()
                .createNativeQuery("INSERT INTO cancelled_study (study_id) VALUES (?1) ON CONFLICT DO NOTHING")
                .setParameter(1, cancellation.studyId())
                .executeUpdate();
        evaluations
                .find("studyId = ?1 and team = ?2", cancellation.studyId(), cancellation.team())
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .stream()
                .filter(row -> !row.state.isFinal())
                .forEach(row -> {
                    row.state = EvaluationState.CANCELLED;
                    row.finishedAt = Instant.now();
                });
    }

    /**
     * Lets one transaction at a time begin or cancel evaluations of a study: neither sees what the other has not committed, and
     * a cancellation would miss the evaluation that is being added.
     */
    private void lockStudy(UUID studyId) {
        evaluations
                .getEntityManager()
                .createNativeQuery("SELECT CAST(pg_advisory_xact_lock(?1, hashtext(?2)) AS text)")
                .setParameter(1, STUDY_LOCK)
                .setParameter(2, studyId.toString())
                .getSingleResult();
    }

    /**
     * Ends an open evaluation with a failure and no pass@1.
     *
     * @param line for a person: what failed, where, and what is allowed
     */
    @Transactional
    public void fail(UUID id, String line) {
        EvaluationRow row = evaluations.findById(id, LockModeType.PESSIMISTIC_WRITE);
        if (row == null || row.state.isFinal()) {
            return;
        }
        LOGGER.errorf("evaluation %s failed: %s", id, line);
        // PostgreSQL's text holds no NUL; a message that quotes a program may
        row.failure = line.replace('\0', '\uFFFD');
        end(row, EvaluationState.FAILED, null);
    }

    /** Ends a running evaluation with what {@code summary} finds under the evaluation's lock. */
    @Transactional
    public void complete(UUID id, Supplier<EvaluationSummary> summary) {
        evaluations.lockedRow(id, EvaluationState.RUNNING).ifPresent(row -> {
            EvaluationSummary found = summary.get();
            LOGGER.infof(
                    "evaluation %s: pass@1 %.4f over %d problems, %d samples each",
                    id, found.passAt1(), found.problems(), found.samplesPerProblem());
            end(row, EvaluationState.COMPLETED, found);
        });
    }

    private void end(EvaluationRow row, EvaluationState state, EvaluationSummary summary) {
        row.state = state;
        row.finishedAt = Instant.now();
        row.result = codec.write(new EvaluationResult(
                Event.SCHEMA_VERSION, UUID.randomUUID(), row.team, row.id, row.studyId, summary, row.failure));
        outbox.add(Topics.EVALUATION_RESULTS, row.id.toString(), row.result);
    }
}
