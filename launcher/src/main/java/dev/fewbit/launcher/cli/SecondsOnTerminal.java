package dev.fewbit.launcher.cli;

import dev.fewbit.quantizer.artifact.BuildObserver;
import java.time.Duration;
import java.util.Locale;

/** Says on standard error how long an artifact took, the measurement of fidelity apart. */
final class SecondsOnTerminal implements BuildObserver {
    private static final double MILLIS = 1000;

    @Override
    public void linearsWritten(int done, int total, long weights) {
        // The command is over before a display of progress is worth its lines.
    }

    @Override
    public void took(Duration quantizing, Duration measuring) {
        System.err.println("quantized in " + seconds(quantizing)
                + (measuring == null ? "" : ", fidelity measured in " + seconds(measuring)));
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / MILLIS);
    }
}
