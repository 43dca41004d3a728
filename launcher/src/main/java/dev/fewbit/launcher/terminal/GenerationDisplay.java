package dev.fewbit.launcher.terminal;

import dev.fewbit.launcher.generation.GenerationProgress;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;

/** How far a generation is. */
public final class GenerationDisplay implements GenerationProgress {
    private final LiveLine line;
    private int before = -1;

    /** @param terminal whether {@code out} understands cursor movement */
    public GenerationDisplay(PrintStream out, boolean terminal, Clock clock) {
        line = new LiveLine(out, terminal, clock);
    }

    @Override
    public void generated(int done, int total, long tokens) {
        if (before < 0) {
            before = done - 1;
        }
        line.due().ifPresent(seconds -> {
            Duration left = Duration.ofSeconds(Math.round(seconds / (done - before) * (total - done)));
            line.show(String.format(
                    Locale.ROOT,
                    "%d of %d samples, %,.0f tokens/s, %s left",
                    done,
                    total,
                    tokens / seconds,
                    Numbers.clock(left)));
        });
    }

    /** Takes the live line away, if there is one. */
    public void clear() {
        line.clear();
    }
}
