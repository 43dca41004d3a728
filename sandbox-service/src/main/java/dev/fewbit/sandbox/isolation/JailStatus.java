package dev.fewbit.sandbox.isolation;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;

/** What {@code sbinit} wrote to its private descriptor: {@code key=value} lines. */
record JailStatus(
        Integer exitStatus,
        Integer signal,
        Stop stop,
        Duration wallTime,
        Duration cpuTime,
        long peakBytes,
        int strays) {

    /** @throws IsolationException when the jail failed before or while the program ran */
    static JailStatus parse(String text) throws IsolationException {
        Map<String, String> values = new HashMap<>();
        for (String line : text.split("\n")) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        if (values.containsKey("fault")) {
            throw new IsolationException("the jail could not be built: " + values.get("fault"));
        }
        if (!values.containsKey("strays")) {
            throw new IsolationException("the jail ended without a status");
        }
        try {
            int exit = Integer.parseInt(values.get("exit"));
            int signal = Integer.parseInt(values.get("signal"));
            return new JailStatus(
                    exit < 0 ? null : exit,
                    signal == 0 ? null : signal,
                    stop(values.get("stop")),
                    Duration.of(Long.parseLong(values.get("wall_us")), ChronoUnit.MICROS),
                    Duration.of(Long.parseLong(values.get("cpu_us")), ChronoUnit.MICROS),
                    Long.parseLong(values.get("peak")),
                    Integer.parseInt(values.get("strays")));
        } catch (NumberFormatException e) {
            throw new IsolationException("the jail's status cannot be read: " + text, e);
        }
    }

    private static Stop stop(String name) throws IsolationException {
        return switch (name) {
            case "none" -> Stop.NONE;
            case "wall" -> Stop.WALL_TIME;
            case "cpu" -> Stop.CPU_TIME;
            case "memory" -> Stop.MEMORY;
            case null, default -> throw new IsolationException("the jail's status has an unknown stop: " + name);
        };
    }
}
