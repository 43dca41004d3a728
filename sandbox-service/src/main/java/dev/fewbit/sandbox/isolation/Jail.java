package dev.fewbit.sandbox.isolation;

import java.util.List;
import java.util.Map;

/**
 * A command and the world it sees: {@code /usr}, its own {@code /tmp}, {@code /dev} and {@code /proc}, and its mounts.
 *
 * @param command absolute path of the program inside, and its arguments
 * @param environment all of it, beside PATH, HOME and LANG
 * @param mounts read-only, beside {@code /usr}
 * @param limits of the whole tree
 * @param judged whether the command is a trusted judge that keeps a report descriptor from the program it starts
 */
public record Jail(
        List<String> command, Map<String, String> environment, List<Mount> mounts, JailLimits limits, boolean judged) {

    public Jail {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        mounts = List.copyOf(mounts);
    }
}
