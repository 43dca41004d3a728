package dev.fewbit.quantizer.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeaseTest {
    private static final Duration HEARTBEAT = Duration.ofMillis(5);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void shutDown() {
        scheduler.shutdownNow();
    }

    @Test
    void shouldBeLostWhenARenewalIsRefused() {
        AtomicInteger renewals = new AtomicInteger();
        try (Lease lease = new Lease(scheduler, () -> renewals.incrementAndGet() < 3, HEARTBEAT, LONG)) {
            assertThat(lease.lost()).isFalse();

            await().until(lease::lost);

            assertThat(renewals).hasValueGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void shouldGoOnRenewingWhenTheDatabaseIsAwayForAMoment() {
        // Given
        AtomicInteger renewals = new AtomicInteger();

        // When
        try (Lease lease = new Lease(
                scheduler,
                () -> {
                    if (renewals.incrementAndGet() <= 3) {
                        throw new IllegalStateException("away");
                    }
                    return true;
                },
                HEARTBEAT,
                LONG)) {
            await().until(() -> renewals.get() >= 6);

            // Then
            assertThat(lease.lost()).isFalse();
        }
    }

    @Test
    void shouldBeLostWhenTheDatabaseIsAwayForAsLongAsAClaimHolds() {
        try (Lease lease = new Lease(
                scheduler,
                () -> {
                    throw new IllegalStateException("away");
                },
                HEARTBEAT,
                Duration.ofMillis(50))) {
            await().until(lease::lost);
        }
    }

    @Test
    void shouldStopRenewingWhenItIsClosed() throws Exception {
        AtomicInteger renewals = new AtomicInteger();
        Lease lease = new Lease(scheduler, () -> renewals.incrementAndGet() > 0, HEARTBEAT, LONG);
        await().until(() -> renewals.get() > 0);

        lease.close();

        // The only thread is past a renewal under way once it runs another task, and has come by ten heartbeats later.
        int after = scheduler.submit(renewals::get).get();
        scheduler
                .schedule(() -> {}, 10 * HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS)
                .get();
        assertThat(renewals).hasValue(after);
    }
}
