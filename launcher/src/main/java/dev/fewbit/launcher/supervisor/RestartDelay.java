package dev.fewbit.launcher.supervisor;

import java.time.Duration;

/**
 * How long to wait before a dead child is started again: half a second, doubled with each death up to 30 s. A minute of life puts
 * it back to the beginning. A child that dies {@link #MOST_DEATHS} times without such a minute is given up.
 */
final class RestartDelay {
    static final int MOST_DEATHS = 8;

    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration HEALTHY = Duration.ofMinutes(1);

    private int deaths;

    /** Records a death after {@code lifetime} and says how long to wait. */
    Duration afterDeath(Duration lifetime) {
        deaths = lifetime.compareTo(HEALTHY) >= 0 ? 1 : deaths + 1;
        Duration delay = FIRST.multipliedBy(1L << Math.min(deaths - 1, 10));
        return delay.compareTo(LONGEST) < 0 ? delay : LONGEST;
    }

    boolean exhausted() {
        return deaths >= MOST_DEATHS;
    }
}
