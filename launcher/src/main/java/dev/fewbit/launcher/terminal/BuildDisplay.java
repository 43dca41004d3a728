package dev.fewbit.launcher.terminal;

import dev.fewbit.quantizer.artifact.BuildObserver;
import dev.fewbit.quantizer.work.Pace;
import dev.fewbit.quantizer.work.WorkStep;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * How far an artifact is, with the time left in its stage: on a terminal one line, drawn again and again in place; elsewhere a line every few
 * seconds. At the end, what it took.
 */
public final class BuildDisplay implements BuildObserver {
    private static final Duration BETWEEN_PLAIN_LINES = Duration.ofSeconds(5);
    private static final int BAR = 24;
    private static final int PERCENT = 100;
    private static final double MILLIS = 1000;

    private final PrintStream out;
    private final boolean terminal;
    private final Clock clock;
    private final Pace pace = new Pace();
    private Instant lastPlain;
    private boolean drawn;

    /** @param terminal whether {@code out} understands cursor movement */
    public BuildDisplay(PrintStream out, boolean terminal, Clock clock) {
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
        // Work of a few seconds is over before a line of progress is worth reading.
        lastPlain = clock.instant();
    }

    @Override
    public void linearsWritten(int done, int total, long weights) {
        // What takes time tells its steps.
    }

    @Override
    public synchronized void working(WorkStep step) {
        Instant now = clock.instant();
        String figures = figures(step, pace.left(step, now));
        if (terminal) {
            int filled = (int) (BAR * step.share());
            out.print("\r\u001b[2K" + "█".repeat(filled) + "·".repeat(BAR - filled) + " " + figures);
            out.flush();
            drawn = true;
        } else if (!lastPlain.plus(BETWEEN_PLAIN_LINES).isAfter(now)) {
            out.println(figures);
            out.flush();
            lastPlain = now;
        }
    }

    @Override
    public synchronized void note(String line) {
        clear();
        out.println(line);
        out.flush();
    }

    @Override
    public synchronized void took(Duration quantizing, Duration measuring) {
        clear();
        out.println("quantized in " + seconds(quantizing)
                + (measuring == null ? "" : ", fidelity measured in " + seconds(measuring)));
        out.flush();
    }

    /** Takes the live line away, if there is one. */
    public synchronized void clear() {
        if (drawn) {
            out.print("\r\u001b[2K");
            out.flush();
            drawn = false;
        }
    }

    private static String figures(WorkStep step, Optional<Duration> left) {
        return String.format(
                Locale.ROOT,
                "%s %d %%: %s%s",
                step.stage(),
                (int) (PERCENT * step.share()),
                step.current(),
                left.map(time -> ", " + Numbers.clock(time) + " left").orElse(""));
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / MILLIS);
    }
}
