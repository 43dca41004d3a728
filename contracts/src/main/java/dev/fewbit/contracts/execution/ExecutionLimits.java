package dev.fewbit.contracts.execution;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fewbit.contracts.InvalidSpecException;
import java.time.Duration;

/**
 * What a program may use; its whole process tree counts.
 *
 * @param cpuTime CPU time of the tree
 * @param wallTime backstop, for programs that wait
 * @param memoryBytes of the tree
 * @param outputBytes of standard output and of standard error, each
 * @param processes processes and threads alive at once
 */
public record ExecutionLimits(
        @JsonProperty(value = "cpuTime", required = true) Duration cpuTime,
        @JsonProperty(value = "wallTime", required = true) Duration wallTime,

        @JsonProperty(value = "memoryBytes", required = true)
        long memoryBytes,

        @JsonProperty(value = "outputBytes", required = true)
        long outputBytes,

        @JsonProperty(value = "processes", required = true) int processes) {

    private static final long MIB = 1 << 20;

    public ExecutionLimits {
        positive("cpuTime", cpuTime);
        positive("wallTime", wallTime);
        if (memoryBytes < MIB) {
            throw new InvalidSpecException("memoryBytes", memoryBytes, "at least 1048576");
        }
        if (outputBytes < 1) {
            throw new InvalidSpecException("outputBytes", outputBytes, "at least 1");
        }
        if (processes < 1) {
            throw new InvalidSpecException("processes", processes, "at least 1");
        }
    }

    /** The defaults of a language: Python 256 MiB and 3 s of CPU, Java 512 MiB and 6 s. */
    public static ExecutionLimits of(ProgramLanguage language) {
        return switch (language) {
            case PYTHON -> new ExecutionLimits(Duration.ofSeconds(3), Duration.ofSeconds(8), 256 * MIB, 256 * 1024, 64);
            case JAVA -> new ExecutionLimits(Duration.ofSeconds(6), Duration.ofSeconds(15), 512 * MIB, 256 * 1024, 64);
        };
    }

    private static void positive(String key, Duration value) {
        if (value == null || value.isZero() || value.isNegative()) {
            throw new InvalidSpecException(key, value, "a duration above zero, such as PT3S");
        }
    }
}
