package dev.fewbit.quantizer.job;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The job table. Time is the database's, so that clocks of workers need not agree. All methods run in the caller's
 * transaction.
 */
@ApplicationScoped
class JobRepository implements PanacheRepositoryBase<JobRow, UUID> {
    /** Class of the advisory locks of studies; single-key locks, such as the outbox's, are of another kind. */
    private static final int STUDY_LOCK = 0x0F3B_0072;

    /**
     * Lets one transaction at a time begin or cancel jobs of a study: neither sees what the other has not committed, and a
     * cancellation would miss the job that is being added.
     */
    private void lockStudy(UUID studyId) {
        getEntityManager()
                .createNativeQuery("select cast(pg_advisory_xact_lock(:lock, hashtext(:study)) as text)")
                .setParameter("lock", STUDY_LOCK)
                .setParameter("study", studyId.toString())
                .getSingleResult();
    }

    /** Adds a waiting job, or a cancelled one where its study was cancelled before; does nothing where it is known. */
    boolean add(UUID id, String team, UUID studyId, String checkpoint, String recipe) {
        lockStudy(studyId);
        return getEntityManager()
                        .createNativeQuery("""
                                insert into quantizer.jobs (id, team, study_id, checkpoint, recipe, status)
                                values (:id, :team, :study, :checkpoint, :recipe,
                                    case when exists (select 1 from quantizer.cancelled_studies where study_id = :study)
                                        then 'CANCELLED' else 'WAITING' end)
                                on conflict (id) do nothing""")
                        .setParameter("id", id)
                        .setParameter("team", team)
                        .setParameter("study", studyId)
                        .setParameter("checkpoint", checkpoint)
                        .setParameter("recipe", recipe)
                        .executeUpdate()
                == 1;
    }

    /**
     * Claims a waiting job or one whose lease ran out: the team with the fewest running jobs first, then the oldest. The
     * row's attempt counts up.
     */
    Optional<JobRow> claim(String worker, Duration lease) {
        List<?> rows = getEntityManager()
                .createNativeQuery("""
                        update quantizer.jobs set status = 'RUNNING', attempt = attempt + 1, worker = :worker,
                            lease_until = clock_timestamp() + :lease * interval '1 millisecond'
                        where id = (
                            select j.id from quantizer.jobs j
                            where j.status = 'WAITING' and j.not_before <= clock_timestamp()
                               or j.status = 'RUNNING' and j.lease_until < clock_timestamp()
                            order by (select count(*) from quantizer.jobs r where r.team = j.team and r.status = 'RUNNING'
                                and r.lease_until >= clock_timestamp()), j.created_at, j.id
                            limit 1 for update skip locked)
                        returning *""", JobRow.class)
                .setParameter("worker", worker)
                .setParameter("lease", lease.toMillis())
                .getResultList();
        return rows.stream().map(JobRow.class::cast).findFirst();
    }

    /** Extends the lease of a job's attempt; refused where that attempt no longer holds it. */
    boolean renew(UUID id, int attempt, Duration lease) {
        return getEntityManager()
                        .createNativeQuery("""
                                update quantizer.jobs set lease_until = clock_timestamp() + :lease * interval '1 millisecond'
                                where id = :id and attempt = :attempt and status = 'RUNNING'""")
                        .setParameter("lease", lease.toMillis())
                        .setParameter("id", id)
                        .setParameter("attempt", attempt)
                        .executeUpdate()
                == 1;
    }

    /** Ends a job by its attempt; refused where that attempt no longer holds it. */
    boolean finish(
            UUID id, int attempt, JobStatus status, String artifactId, Double seconds, Boolean reused, String failure) {
        return update(
                        "status = ?1, artifactId = ?2, seconds = ?3, reused = ?4, failure = ?5, finishedAt = instant,"
                                + " leaseUntil = null where id = ?6 and attempt = ?7 and status = ?8",
                        status,
                        artifactId,
                        seconds,
                        reused,
                        failure,
                        id,
                        attempt,
                        JobStatus.RUNNING)
                == 1;
    }

    /** Gives a job back at once, an attempt that does not count. */
    boolean giveBack(UUID id, int attempt) {
        return getEntityManager()
                        .createNativeQuery("""
                                update quantizer.jobs set status = 'WAITING', lease_until = null, released = released + 1
                                where id = :id and attempt = :attempt and status = 'RUNNING'""")
                        .setParameter("id", id)
                        .setParameter("attempt", attempt)
                        .executeUpdate()
                == 1;
    }

    /** Lets a job go after a fault, to be claimed again after {@code pause}. */
    boolean release(UUID id, int attempt, Duration pause) {
        return getEntityManager()
                        .createNativeQuery("""
                                update quantizer.jobs set status = 'WAITING', lease_until = null,
                                    not_before = clock_timestamp() + :pause * interval '1 millisecond'
                                where id = :id and attempt = :attempt and status = 'RUNNING'""")
                        .setParameter("pause", pause.toMillis())
                        .setParameter("id", id)
                        .setParameter("attempt", attempt)
                        .executeUpdate()
                == 1;
    }

    /** Remembers the cancellation and cancels what is not final; running workers are refused at their next renewal. */
    int cancel(UUID studyId) {
        lockStudy(studyId);
        getEntityManager()
                .createNativeQuery(
                        "insert into quantizer.cancelled_studies (study_id) values (:study) on conflict do nothing")
                .setParameter("study", studyId)
                .executeUpdate();
        return update(
                "status = ?1, finishedAt = instant, leaseUntil = null where studyId = ?2 and status in (?3, ?4)",
                JobStatus.CANCELLED,
                studyId,
                JobStatus.WAITING,
                JobStatus.RUNNING);
    }

    /** Jobs whose last allowed attempt ran out of its lease, locked. */
    List<JobRow> exhausted(int attempts) {
        List<?> rows = getEntityManager()
                .createNativeQuery("""
                        select * from quantizer.jobs
                        where status = 'RUNNING' and lease_until < clock_timestamp()
                            and attempt - released >= :attempts
                        for update skip locked""", JobRow.class)
                .setParameter("attempts", attempts)
                .getResultList();
        return rows.stream().map(JobRow.class::cast).toList();
    }
}
