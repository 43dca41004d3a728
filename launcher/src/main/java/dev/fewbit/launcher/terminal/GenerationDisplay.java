package dev.fewbit.launcher.terminal;

import dev.fewbit.launcher.generation.GenerationProgress;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** How far a generation is: on a terminal one line in place, a few times a second; elsewhere a line now and then. */
public final class GenerationDisplay implements GenerationProgress {
    private static final Duration BETWEEN_DRAWINGS = Duration.ofMillis(200);
    private static final Duration BETWEEN_PLAIN_LINES = Duration.ofSeconds(10);
    private static final double MILLIS = 1000;

    private final PrintStream out;
    private final boolean terminal;
    private final Clock clock;
    private final Instant begun;
    private Instant last;
    private int before = -1;
    private boolean drawn;

    /** @param terminal whether {@code out} understands cursor movement */
    public GenerationDisplay(PrintStream out, boolean terminal, Clock clock) {
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
        this.begun = clock.instant();
        this.last = begun;
    }

    @Override
    public void generated(int done, int total, long tokens) {
        if (before < 0) {
            before = done - 1;
        }
        Instant now = clock.instant();
        if (last.plus(terminal ? BETWEEN_DRAWINGS : BETWEEN_PLAIN_LINES).isAfter(now)) {
            return;
        }
        last = now;
        double seconds = Duration.between(begun, now).toMillis() / MILLIS;
        Duration left = Duration.ofSeconds(Math.round(seconds / (done - before) * (total - done)));
        String figures = String.format(
                Locale.ROOT,
                "%d of %d samples, %,.0f tokens/s, %s left",
                done,
                total,
                tokens / seconds,
                Numbers.clock(left));
        if (terminal) {
            out.print("\r\u001b[2K" + figures);
            drawn = true;
        } else {
            out.println(figures);
        }
        out.flush();
    }

    /** Takes the live line away, if there is one. */
    public void clear() {
        if (drawn) {
            out.print("\r\u001b[2K");
            out.flush();
            drawn = false;
        }
    }
}
