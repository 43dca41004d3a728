package dev.fewbit.quantizer.work;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How long the rest of a stage takes, at the pace since this process entered it: what an earlier process finished does not count. */
public final class Pace {
    /** Below this share nothing can be told. */
    private static final double TOLD_FROM = 0.01;

    private String stage = "";
    private Instant since = Instant.EPOCH;
    private double from;

    /** Time left in the stage of {@code step}; empty while too little is done to tell. */
    public Optional<Duration> left(WorkStep step, Instant now) {
        if (!step.stage().equals(stage)) {
            stage = step.stage();
            since = now;
            from = step.share();
        }
        double done = step.share() - from;
        if (done < TOLD_FROM) {
            return Optional.empty();
        }
        double millis = Duration.between(since, now).toMillis() * (1 - step.share()) / done;
        return Optional.of(Duration.ofMillis(Math.round(millis)));
    }
}
