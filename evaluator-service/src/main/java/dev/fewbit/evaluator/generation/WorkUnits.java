package dev.fewbit.evaluator.generation;

import dev.fewbit.evaluator.sql.Rows;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Work units as rows: claimed with {@code FOR UPDATE SKIP LOCKED}, leased, fenced by attempt number. All times are the
 * database's, so that workers' clocks need not agree.
 */
@ApplicationScoped
public class WorkUnits {
    /** Oldest request first; a unit of the loaded model counts as requested earlier by the affinity. */
    private static final String CLAIM = """
            UPDATE work_unit w
            SET state = 'CLAIMED', attempt = w.attempt + 1, worker = :worker,
                lease_until = now() + :lease * interval '1 millisecond'
            FROM (
              SELECT u.evaluation_id, u.number, e.team
              FROM work_unit u JOIN evaluation e ON e.id = u.evaluation_id
              WHERE e.state = 'RUNNING' AND u.not_before <= now()
                AND (u.state = 'WAITING' OR (u.state = 'CLAIMED' AND u.lease_until < now()))
              ORDER BY e.requested_at
                  - CASE WHEN u.model_key = :loaded THEN :affinity ELSE 0 END * interval '1 millisecond',
                u.evaluation_id, u.number
              LIMIT 1
              FOR UPDATE OF u SKIP LOCKED) next
            WHERE w.evaluation_id = next.evaluation_id AND w.number = next.number
            RETURNING w.evaluation_id, w.number, w.attempt, w.model_key, next.team, w.first_position, w.end_position""";

    private static final String MINE = """
             WHERE evaluation_id = :evaluation AND number = :number AND attempt = :attempt AND state = 'CLAIMED'""";

    private static final String RENEW = "UPDATE work_unit SET lease_until = now() + :lease * interval '1 millisecond'"
            + "\n" + MINE + " AND EXISTS (SELECT 1 FROM evaluation WHERE id = :evaluation AND state = 'RUNNING')";

    private static final String DONE =
            "UPDATE work_unit SET state = 'DONE', lease_until = NULL, failure = NULL" + "\n" + MINE;

    private static final String RELEASE =
            "UPDATE work_unit SET state = 'WAITING', lease_until = NULL, worker = NULL" + "\n" + MINE;

    private static final String FAIL = """
            UPDATE work_unit
            SET state = 'WAITING', lease_until = NULL, worker = NULL, failures = failures + 1, failure = :failure,
                not_before = now() + :pause * interval '1 millisecond'""" + "\n" + MINE + " RETURNING failures";

    private static final String HOLD = "SELECT 1 FROM work_unit" + "\n" + MINE + " FOR KEY SHARE";

    private final EntityManager database;

    WorkUnits(EntityManager database) {
        this.database = database;
    }

    /** A unit of an evaluation in the caller's transaction, waiting. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void add(UUID evaluation, int number, int firstPosition, int endPosition, String modelKey) {
        database.createNativeQuery("""
                        INSERT INTO work_unit (evaluation_id, number, first_position, end_position, model_key, state)
                        VALUES (?1, ?2, ?3, ?4, ?5, 'WAITING')""")
                .setParameter(1, evaluation)
                .setParameter(2, number)
                .setParameter(3, firstPosition)
                .setParameter(4, endPosition)
                .setParameter(5, modelKey)
                .executeUpdate();
    }

    /**
     * Claims the unit that is next.
     *
     * @param loaded the model key that the worker has loaded, or an empty string
     * @param lease until somebody else may claim it
     */
    @Transactional
    public Optional<UnitClaim> claim(String worker, String loaded, Duration affinity, Duration lease) {
        return Rows.list(database.createNativeQuery(CLAIM, Object[].class)
                        .setParameter("worker", worker)
                        .setParameter("loaded", loaded)
                        .setParameter("affinity", affinity.toMillis())
                        .setParameter("lease", lease.toMillis()))
                .stream()
                .map(WorkUnits::claim)
                .findFirst();
    }

    /** Renews the lease; {@code false} when the unit is no longer this claim's, or its evaluation has ended. */
    @Transactional
    public boolean renew(UnitClaim claim, Duration lease) {
        return mine(RENEW, claim).setParameter("lease", lease.toMillis()).executeUpdate() == 1;
    }

    /** The unit's samples are all there. {@code false} when the claim was fenced. */
    @Transactional
    public boolean done(UnitClaim claim) {
        return mine(DONE, claim).executeUpdate() == 1;
    }

    /** Gives the unit back, to be claimed at once by anybody. */
    @Transactional
    public void release(UnitClaim claim) {
        mine(RELEASE, claim).executeUpdate();
    }

    /**
     * Records a failure and lets the unit wait before its next attempt.
     *
     * @return failures so far; 0 when the claim was fenced
     */
    @Transactional
    public int fail(UnitClaim claim, String failure, Duration pause) {
        return Rows.values(
                        mine(FAIL, claim).setParameter("failure", failure).setParameter("pause", pause.toMillis()),
                        Integer.class)
                .stream()
                .findFirst()
                .orElse(0);
    }

    /** Whether the claim still holds, until the end of the caller's transaction. */
    @Transactional(Transactional.TxType.MANDATORY)
    public boolean hold(UnitClaim claim) {
        return !mine(HOLD, claim).getResultList().isEmpty();
    }

    private Query mine(String sql, UnitClaim claim) {
        return database.createNativeQuery(sql)
                .setParameter("evaluation", claim.evaluationId())
                .setParameter("number", claim.number())
                .setParameter("attempt", claim.attempt());
    }

    private static UnitClaim claim(Object[] row) {
        return new UnitClaim(
                (UUID) row[0],
                (Integer) row[1],
                (Integer) row[2],
                (String) row[3],
                (String) row[4],
                (Integer) row[5],
                (Integer) row[6]);
    }
}
