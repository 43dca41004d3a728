package dev.fewbit.evaluator.evaluation;

import dev.fewbit.contracts.event.EvaluationRequest;
import dev.fewbit.evaluator.event.EventCodec;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Evaluations as rows. */
@ApplicationScoped
public class Evaluations implements PanacheRepositoryBase<EvaluationRow, UUID> {
    private final EventCodec codec;

    Evaluations(EventCodec codec) {
        this.codec = codec;
    }

    @Transactional
    public Optional<Evaluation> get(UUID id) {
        return findByIdOptional(id).map(this::view);
    }

    /** The evaluation of a team; another team's is not there. */
    @Transactional
    public Optional<Evaluation> get(UUID id, String team) {
        return findByIdOptional(id).filter(row -> row.team.equals(team)).map(this::view);
    }

    /** Oldest first. */
    @Transactional
    public List<UUID> in(EvaluationState state) {
        return find("state = ?1 order by requestedAt, id", state).stream()
                .map(row -> row.id)
                .toList();
    }

    /** Locks the evaluation in the caller's transaction; empty when it is not in {@code state} any more. */
    @Transactional(Transactional.TxType.MANDATORY)
    public Optional<Evaluation> lock(UUID id, EvaluationState state) {
        return lockedRow(id, state).map(this::view);
    }

    /** What preparation found, and the step to {@code RUNNING}, in the caller's transaction. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void prepared(
            UUID id, long generationId, String benchmarkDigest, int problems, String toolchain, int judgeVersion) {
        EvaluationRow row = lockedRow(id, EvaluationState.REQUESTED).orElseThrow();
        row.generationId = generationId;
        row.benchmarkDigest = benchmarkDigest;
        row.problems = problems;
        row.toolchain = toolchain;
        row.judgeVersion = judgeVersion;
        row.state = EvaluationState.RUNNING;
    }

    /** Locks and returns the row when it stands where {@code state} says. */
    Optional<EvaluationRow> lockedRow(UUID id, EvaluationState state) {
        return Optional.ofNullable(findById(id, LockModeType.PESSIMISTIC_WRITE)).filter(row -> row.state == state);
    }

    private Evaluation view(EvaluationRow row) {
        return new Evaluation(
                codec.read(row.request, EvaluationRequest.class),
                row.state,
                row.requestedAt,
                row.finishedAt,
                row.generationId,
                row.benchmarkDigest,
                row.problems,
                row.toolchain,
                row.judgeVersion,
                row.failure);
    }
}
