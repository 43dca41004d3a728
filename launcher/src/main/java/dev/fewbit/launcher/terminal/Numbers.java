package dev.fewbit.launcher.terminal;

import java.time.Duration;
import java.util.Locale;

/** How figures read. Bytes are binary, as in the report page: 1 MiB is 1,048,576 bytes. */
final class Numbers {
    private static final double STEP = 1000;
    private static final double BINARY_STEP = 1024;

    private Numbers() {}

    static String bytes(long bytes) {
        if (bytes < BINARY_STEP) {
            return bytes + " B";
        }
        double value = bytes / BINARY_STEP;
        for (String unit : new String[] {"KiB", "MiB", "GiB"}) {
            if (value < BINARY_STEP) {
                return String.format(Locale.ROOT, value < 10 ? "%.2f %s" : "%.1f %s", value, unit);
            }
            value /= BINARY_STEP;
        }
        return String.format(Locale.ROOT, "%.1f TiB", value);
    }

    /** A count with at most four digits before its unit: {@code 950}, {@code 12.3 k}, {@code 4.56 M}. */
    static String count(double value) {
        if (value < STEP) {
            return String.format(Locale.ROOT, value < 10 && value != Math.rint(value) ? "%.1f" : "%.0f", value);
        }
        double scaled = value / STEP;
        for (String unit : new String[] {"k", "M"}) {
            if (scaled < STEP) {
                return String.format(Locale.ROOT, scaled < 10 ? "%.2f %s" : "%.1f %s", scaled, unit);
            }
            scaled /= STEP;
        }
        return String.format(Locale.ROOT, "%.1f G", scaled);
    }

    static String seconds(double seconds) {
        return String.format(Locale.ROOT, seconds < 10 ? "%.2f s" : "%.1f s", seconds);
    }

    /** Minutes and seconds, or hours and minutes. */
    static String clock(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds / 60 % 60);
    }
}
