package dev.fewbit.evaluator.generation;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Renews a claim's lease while its unit is worked on, and notices when the claim is lost. */
final class Heartbeat implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(Heartbeat.class);
    /** A lease outlives two lost renewals. */
    static final int BEATS_A_LEASE = 3;

    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("unit-heartbeat").factory());

    private final WorkUnits units;
    private final UnitClaim claim;
    private final Duration lease;
    private final ScheduledFuture<?> beats;
    private volatile boolean lost;

    Heartbeat(WorkUnits units, UnitClaim claim, Duration every) {
        this.units = units;
        this.claim = claim;
        this.lease = lease(every);
        this.beats = CLOCK.scheduleWithFixedDelay(this::beat, every.toNanos(), every.toNanos(), TimeUnit.NANOSECONDS);
    }

    static Duration lease(Duration every) {
        return every.multipliedBy(BEATS_A_LEASE);
    }

    /** The unit is somebody else's, or nobody wants it any more. */
    boolean lost() {
        return lost;
    }

    @Override
    public void close() {
        beats.cancel(false);
    }

    private void beat() {
        try {
            lost = lost || !units.renew(claim, lease);
        } catch (RuntimeException e) {
            // The database did not answer. The next beat tries again; if the lease runs out meanwhile, that beat is
            // refused.
            LOGGER.warnf("the lease of unit %d was not renewed: %s", claim.number(), e.getMessage());
        }
    }
}
