package dev.fewbit.evaluator.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fewbit.contracts.event.EvaluationRequest;
import dev.fewbit.contracts.event.Event;
import dev.fewbit.contracts.event.StudyCancelled;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.evaluator.evaluation.EvaluationService;
import dev.fewbit.evaluator.testing.Fixture;
import dev.fewbit.evaluator.testing.Quiet;
import dev.fewbit.evaluator.testing.Surroundings;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import jakarta.transaction.UserTransaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Quiet.class)
@WithTestResource(Surroundings.class)
class WorkUnitsIT {
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final Duration NO_AFFINITY = Duration.ZERO;

    @Inject
    WorkUnits units;

    @Inject
    EvaluationService evaluations;

    @Inject
    Fixture fixture;

    @Inject
    UserTransaction transaction;

    @BeforeEach
    void clear() {
        fixture.clear();
    }

    @Test
    void shouldHandOutEveryUnitOnceWhenManyWorkersClaimAtOnce() throws Exception {
        // Given 40 units
        for (int i = 0; i < 10; i++) {
            fixture.running(fixture.artifact("a"), 4 * 32, 1);
        }
        Set<String> claimed = ConcurrentHashMap.newKeySet();

        // When
        List<Future<Integer>> counts = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(4)) {
            for (int w = 0; w < 4; w++) {
                String name = "worker-" + w;
                counts.add(workers.submit(() -> {
                    int count = 0;
                    for (Optional<UnitClaim> c = claim(name, ""); c.isPresent(); c = claim(name, "")) {
                        claimed.add(c.get().evaluationId() + "/" + c.get().number());
                        count++;
                    }
                    return count;
                }));
            }
        }

        // Then a worker that met only locked rows may have left early, but nothing was claimed twice
        int total = 0;
        for (Future<Integer> count : counts) {
            total += count.get();
        }
        assertThat(total).isEqualTo(claimed.size());
        while (claim("last", "").isPresent()) {
            total++;
        }
        assertThat(total).isEqualTo(40);
    }

    @Test
    void shouldFenceTheFirstWorkerWhenItsLeaseRanOut() {
        // Given
        fixture.running(fixture.artifact("a"), 3, 1);
        UnitClaim first = claim("first", "").orElseThrow();
        assertThat(claim("second", "")).isEmpty();

        // When
        fixture.execute("UPDATE work_unit SET lease_until = now() - interval '1 second'");
        UnitClaim second = claim("second", "").orElseThrow();

        // Then
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(units.renew(first, LEASE)).isFalse();
        assertThat(units.done(first)).isFalse();
        assertThat(units.fail(first, "late", Duration.ZERO)).isZero();
        assertThat(units.renew(second, LEASE)).isTrue();
        assertThat(units.done(second)).isTrue();
        assertThat(claim("third", "")).isEmpty();
    }

    @Test
    void shouldPreferTheLoadedModelWhenTheOtherIsNotMuchOlder() {
        // Given
        EvaluationRequest old = fixture.running(fixture.artifact("old"), 1, 1);
        EvaluationRequest loaded = fixture.running(fixture.artifact("loaded"), 1, 1);
        String key = "exact:" + loaded.artifactId();
        fixture.execute(
                "UPDATE evaluation SET requested_at = now() - interval '60 seconds' WHERE id = ?1", old.evaluationId());

        // When, Then
        UnitClaim near = units.claim("w", key, Duration.ofSeconds(120), LEASE).orElseThrow();
        assertThat(near.evaluationId()).isEqualTo(loaded.evaluationId());
        units.release(near);
        UnitClaim far = units.claim("w", key, Duration.ofSeconds(30), LEASE).orElseThrow();
        assertThat(far.evaluationId()).isEqualTo(old.evaluationId());
    }

    @Test
    void shouldRefuseRenewalAndClaimWhenTheStudyIsCancelled() {
        // Given
        EvaluationRequest request = fixture.running(fixture.artifact("a"), 64, 1);
        UnitClaim claim = claim("w", "").orElseThrow();

        // When
        evaluations.cancel(
                new StudyCancelled(Event.SCHEMA_VERSION, UUID.randomUUID(), request.team(), request.studyId()));

        // Then
        assertThat(units.renew(claim, LEASE)).isFalse();
        assertThat(claim("w", "")).isEmpty();
    }

    @Test
    void shouldCancelTheEvaluationWhenItsRequestIsTakenInAtTheSameTime() throws Exception {
        // Given: the request's transaction is not yet committed
        EvaluationRequest request =
                fixture.request(UUID.randomUUID(), fixture.artifact("a"), ProgramLanguage.PYTHON, "unread.jsonl", 1);
        transaction.begin();
        evaluations.accept(request);

        // When
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            Future<?> cancellation = other.submit(() -> evaluations.cancel(
                    new StudyCancelled(Event.SCHEMA_VERSION, UUID.randomUUID(), request.team(), request.studyId())));
            await().pollInSameThread()
                    .until(() -> cancellation.isDone()
                            || fixture.value(
                                            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                                    .equals("1"));
            transaction.commit();
            cancellation.get();
        }

        // Then
        assertThat(fixture.value("SELECT state FROM evaluation WHERE id = ?1", request.evaluationId()))
                .isEqualTo("CANCELLED");
    }

    @Test
    void shouldWaitAndCountWhenAUnitFailed() {
        // Given
        fixture.running(fixture.artifact("a"), 1, 1);
        UnitClaim claim = claim("w", "").orElseThrow();

        // When, Then
        assertThat(units.fail(claim, "no memory", Duration.ofMinutes(1))).isEqualTo(1);
        assertThat(claim("w", "")).isEmpty();
        fixture.execute("UPDATE work_unit SET not_before = now()");
        assertThat(units.fail(claim("w", "").orElseThrow(), "no memory", Duration.ZERO))
                .isEqualTo(2);
    }

    private Optional<UnitClaim> claim(String worker, String loaded) {
        return units.claim(worker, loaded, NO_AFFINITY, LEASE);
    }
}
