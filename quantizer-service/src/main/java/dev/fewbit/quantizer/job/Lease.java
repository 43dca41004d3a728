package dev.fewbit.quantizer.job;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Keeps a claim alive by renewing it at every heartbeat. It is lost when a renewal is refused, or when none succeeded for as long as a
 * claim holds: from then on another worker may have the job.
 */
final class Lease implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(Lease.class);

    private final BooleanSupplier renewal;
    private final long holdsNanos;
    private final ScheduledFuture<?> heartbeats;
    private volatile long renewedAt;
    private volatile boolean refused;

    /**
     * @param renewal renews the claim in the database; false when it is refused
     * @param heartbeat between renewals
     * @param holds how long a claim lasts without one
     */
    Lease(ScheduledExecutorService scheduler, BooleanSupplier renewal, Duration heartbeat, Duration holds) {
        this.renewal = renewal;
        this.holdsNanos = holds.toNanos();
        this.renewedAt = System.nanoTime();
        this.heartbeats = scheduler.scheduleWithFixedDelay(
                this::renew, heartbeat.toMillis(), heartbeat.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether the claim may no longer be ours. */
    boolean lost() {
        return refused || System.nanoTime() - renewedAt > holdsNanos;
    }

    private void renew() {
        long asked = System.nanoTime();
        try {
            if (renewal.getAsBoolean()) {
                renewedAt = asked;
            } else {
                refused = true;
            }
        } catch (RuntimeException e) {
            // Transaction and pool failures have no common type; a heartbeat that ended silently would lose the job.
            LOGGER.warnf("lease not renewed: %s", e);
        }
    }

    @Override
    public void close() {
        heartbeats.cancel(false);
    }
}
