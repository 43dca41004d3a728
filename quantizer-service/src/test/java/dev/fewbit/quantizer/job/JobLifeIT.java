package dev.fewbit.quantizer.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fewbit.contracts.event.Event;
import dev.fewbit.contracts.event.QuantizationRequest;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.quantizer.DatabaseAndChannels;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.UserTransaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Claims, leases and fencing on a real PostgreSQL. */
@QuarkusTest
@QuarkusTestResource(DatabaseAndChannels.class)
class JobLifeIT {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration RUN_OUT = Duration.ofMillis(-1);
    private static final JobOutcome REFUSED = new JobOutcome.Refused("it cannot be made");

    @Inject
    JobService jobs;

    @Inject
    EntityManager entities;

    @Inject
    UserTransaction transaction;

    @BeforeEach
    void empty() throws Exception {
        transaction.begin();
        entities.createNativeQuery("truncate quantizer.jobs, quantizer.outbox, quantizer.cancelled_studies")
                .executeUpdate();
        transaction.commit();
    }

    @Test
    void shouldGiveAJobToOneWorkerWhenTwoAsk() {
        // Given
        UUID job = accept("a", UUID.randomUUID());

        // When
        Optional<ClaimedJob> first = jobs.claim("one", LONG);
        Optional<ClaimedJob> second = jobs.claim("two", LONG);

        // Then
        assertThat(first).hasValueSatisfying(claimed -> {
            assertThat(claimed.id()).isEqualTo(job);
            assertThat(claimed.attempt()).isEqualTo(1);
            assertThat(claimed.recipe()).isEqualTo(Recipe.roundToNearest(3));
        });
        assertThat(second).isEmpty();
    }

    @Test
    void shouldClaimEachJobOnceWhenManyWorkersAskAtATime() throws Exception {
        // Given
        List<UUID> accepted = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            accepted.add(accept("team-" + i % 3, UUID.randomUUID()));
        }

        // When
        List<UUID> claimed = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(6)) {
            List<Future<List<UUID>>> futures = new ArrayList<>();
            for (int worker = 0; worker < 6; worker++) {
                String name = "worker-" + worker;
                futures.add(workers.submit(() -> claimAll(name)));
            }
            for (Future<List<UUID>> future : futures) {
                claimed.addAll(future.get());
            }
        }

        // Then
        assertThat(claimed).containsExactlyInAnyOrderElementsOf(accepted);
    }

    @Test
    void shouldFenceTheFirstWorkerWhenItsLeaseRanOutAndAnotherClaimed() {
        // Given
        accept("a", UUID.randomUUID());
        ClaimedJob zombie = jobs.claim("one", RUN_OUT).orElseThrow();

        // When
        ClaimedJob current = jobs.claim("two", LONG).orElseThrow();

        // Then
        assertThat(current.id()).isEqualTo(zombie.id());
        assertThat(current.attempt()).isEqualTo(2);
        assertThat(jobs.renew(zombie, LONG)).isFalse();
        assertThat(jobs.finish(zombie, REFUSED)).isFalse();
        assertThat(events()).isZero();
        jobs.release(zombie);
        assertThat(jobs.claim("three", LONG)).isEmpty();
        assertThat(jobs.renew(current, LONG)).isTrue();
        assertThat(jobs.finish(current, REFUSED)).isTrue();
        assertThat(jobs.finish(current, REFUSED)).isFalse();
        assertThat(jobs.renew(current, LONG)).isFalse();
        assertThat(events()).isEqualTo(1);
    }

    @Test
    void shouldKeepAClaimAliveWhenItIsRenewed() {
        accept("a", UUID.randomUUID());
        ClaimedJob job = jobs.claim("one", RUN_OUT).orElseThrow();

        assertThat(jobs.renew(job, LONG)).isTrue();

        assertThat(jobs.claim("two", LONG)).isEmpty();
    }

    @Test
    void shouldNotStartAgainWhenARequestIsRepeated() {
        // Given
        QuantizationRequest request = request(UUID.randomUUID(), "a", UUID.randomUUID());
        jobs.accept(request);
        ClaimedJob job = jobs.claim("one", LONG).orElseThrow();
        jobs.finish(job, REFUSED);

        // When
        jobs.accept(request);

        // Then
        assertThat(jobs.claim("one", LONG)).isEmpty();
    }

    @Test
    void shouldRefuseTheRunningWorkerAndDropTheWaitingWhenAStudyIsCancelled() {
        // Given
        UUID study = UUID.randomUUID();
        accept("a", study);
        accept("a", study);
        UUID other = accept("a", UUID.randomUUID());
        ClaimedJob running = jobs.claim("one", LONG).orElseThrow();

        // When
        jobs.cancel(study);

        // Then
        assertThat(jobs.renew(running, LONG)).isFalse();
        assertThat(jobs.finish(running, REFUSED)).isFalse();
        assertThat(jobs.claim("two", LONG)).map(ClaimedJob::id).hasValue(other);
        assertThat(jobs.claim("two", LONG)).isEmpty();
    }

    @Test
    void shouldNotStartWhenTheCancellationCameBeforeTheRequest() {
        UUID study = UUID.randomUUID();
        jobs.cancel(study);

        accept("a", study);

        assertThat(jobs.claim("one", LONG)).isEmpty();
    }

    @Test
    void shouldCancelTheJobWhenItsRequestIsTakenInAtTheSameTime() throws Exception {
        // Given: the request's transaction is not yet committed
        UUID study = UUID.randomUUID();
        transaction.begin();
        accept("a", study);

        // When
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            Future<?> cancellation = other.submit(() -> jobs.cancel(study));
            await().pollInSameThread().until(() -> cancellation.isDone() || locksWaitedFor() == 1);
            transaction.commit();
            cancellation.get();
        }

        // Then
        assertThat(jobs.claim("one", LONG)).isEmpty();
    }

    @Test
    void shouldServeTheTeamWithFewerRunningJobsWhenAnotherAskedFirst() {
        // Given
        accept("busy", UUID.randomUUID());
        accept("busy", UUID.randomUUID());
        UUID late = accept("late", UUID.randomUUID());
        jobs.claim("one", LONG).orElseThrow();

        // Then
        assertThat(jobs.claim("two", LONG)).map(ClaimedJob::id).hasValue(late);
    }

    @Test
    void shouldGiveUpWhenEveryAllowedAttemptLostItsLease() {
        // Given: three attempts are allowed
        accept("a", UUID.randomUUID());
        for (int attempt = 1; attempt <= 3; attempt++) {
            assertThat(jobs.claim("one", RUN_OUT)).map(ClaimedJob::attempt).hasValue(attempt);
        }

        // When
        Optional<ClaimedJob> fourth = jobs.claim("one", RUN_OUT);

        // Then
        assertThat(fourth).isEmpty();
        assertThat(payload())
                .contains("\"attempt\":3")
                .contains("given up after 3 attempts: each time the worker died or lost touch with the database");
    }

    @Test
    void shouldNotCountAnAttemptWhenItsWorkerWasAskedToStop() {
        // Given: three attempts are allowed
        accept("a", UUID.randomUUID());
        for (int stop = 1; stop <= 4; stop++) {
            jobs.release(jobs.claim("one", LONG).orElseThrow());
        }

        // When: then the worker is killed, and the disk fails
        jobs.claim("one", RUN_OUT).orElseThrow();
        ClaimedJob job = jobs.claim("one", LONG).orElseThrow();
        jobs.retryLater(job, "No space left on device");

        // Then
        assertThat(job.attempt()).isEqualTo(6);
        assertThat(events()).isZero();
    }

    @Test
    void shouldWaitBeforeTheNextAttemptWhenTheDiskFailed() {
        // Given: the pause is an hour
        accept("a", UUID.randomUUID());
        ClaimedJob job = jobs.claim("one", LONG).orElseThrow();

        // When
        jobs.retryLater(job, "No space left on device");

        // Then
        assertThat(jobs.claim("one", LONG)).isEmpty();
        assertThat(events()).isZero();
    }

    private List<UUID> claimAll(String worker) {
        List<UUID> claimed = new ArrayList<>();
        for (Optional<ClaimedJob> job = jobs.claim(worker, LONG); job.isPresent(); job = jobs.claim(worker, LONG)) {
            claimed.add(job.get().id());
        }
        return claimed;
    }

    private UUID accept(String team, UUID study) {
        UUID job = UUID.randomUUID();
        jobs.accept(request(job, team, study));
        return job;
    }

    private static QuantizationRequest request(UUID job, String team, UUID study) {
        return new QuantizationRequest(
                Event.SCHEMA_VERSION,
                UUID.randomUUID(),
                team,
                job,
                study,
                "no-such-checkpoint",
                Recipe.roundToNearest(3));
    }

    private long locksWaitedFor() {
        return ((Number) entities.createNativeQuery(
                                "select count(*) from pg_locks where locktype = 'advisory' and not granted")
                        .getSingleResult())
                .longValue();
    }

    private long events() {
        return ((Number) entities.createNativeQuery("select count(*) from quantizer.outbox")
                        .getSingleResult())
                .longValue();
    }

    private String payload() {
        return (String) entities.createNativeQuery("select payload from quantizer.outbox")
                .getSingleResult();
    }
}
