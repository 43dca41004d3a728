package dev.fewbit.launcher.terminal;

import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;

/** One line of progress: on a terminal drawn in place, a few times a second; elsewhere printed now and then. Used by one thread at a time. */
final class LiveLine {
    private static final Duration BETWEEN_DRAWINGS = Duration.ofMillis(200);
    private static final Duration BETWEEN_PLAIN_LINES = Duration.ofSeconds(10);
    private static final double MILLIS = 1000;

    private final PrintStream out;
    private final boolean terminal;
    private final Clock clock;
    private final Instant begun;
    private Instant last;
    private boolean drawn;

    /** @param terminal whether {@code out} understands cursor movement */
    LiveLine(PrintStream out, boolean terminal, Clock clock) {
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
        this.begun = clock.instant();
        this.last = begun;
    }

    /** Seconds since the beginning when it is time for a new line; empty while the last one is recent. */
    OptionalDouble due() {
        Instant now = clock.instant();
        if (last.plus(terminal ? BETWEEN_DRAWINGS : BETWEEN_PLAIN_LINES).isAfter(now)) {
            return OptionalDouble.empty();
        }
        last = now;
        return OptionalDouble.of(Duration.between(begun, now).toMillis() / MILLIS);
    }

    void show(String figures) {
        if (terminal) {
            out.print("\r\u001b[2K" + figures);
            drawn = true;
        } else {
            out.println(figures);
        }
        out.flush();
    }

    /** Takes the drawn line away, if there is one. */
    void clear() {
        if (drawn) {
            out.print("\r\u001b[2K");
            out.flush();
            drawn = false;
        }
    }
}
