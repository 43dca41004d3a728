package dev.fewbit.launcher.terminal;

import dev.fewbit.launcher.replay.Progress;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;

/** How far a replay is. */
public final class ReplayDisplay implements Progress {
    private final LiveLine line;

    /** @param terminal whether {@code out} understands cursor movement */
    public ReplayDisplay(PrintStream out, boolean terminal, Clock clock) {
        line = new LiveLine(out, terminal, clock);
    }

    @Override
    public synchronized void judged(int done, int total, int passed) {
        line.due().ifPresent(seconds -> {
            Duration left = Duration.ofSeconds(Math.round(seconds / done * (total - done)));
            line.show(String.format(
                    Locale.ROOT,
                    "%d of %d programs, %d passed, %.1f/s, %s left",
                    done,
                    total,
                    passed,
                    done / seconds,
                    Numbers.clock(left)));
        });
    }

    /** Takes the live line away, if there is one. */
    public synchronized void clear() {
        line.clear();
    }
}
