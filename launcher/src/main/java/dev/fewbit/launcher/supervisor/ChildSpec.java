package dev.fewbit.launcher.supervisor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A child process.
 *
 * @param name what people and log files call it
 * @param command program and arguments
 * @param environment the whole of it: nothing is inherited
 * @param log file that gets its standard output and error
 * @param stopSignal what asks it to stop: {@code TERM}, or {@code INT} for PostgreSQL's fast shutdown
 * @param startLimit how long it may take to become ready
 * @param stopLimit how long it may take to stop before it is killed
 * @param readiness whether it can be used
 */
public record ChildSpec(
        String name,
        List<String> command,
        Map<String, String> environment,
        Path log,
        String stopSignal,
        Duration startLimit,
        Duration stopLimit,
        Readiness readiness) {
    public ChildSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
