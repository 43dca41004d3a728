package dev.fewbit.contracts.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fewbit.contracts.execution.Verdict;
import java.util.UUID;

/**
 * A program was executed.
 *
 * @param executionId of the request
 * @param attempt of the request
 * @param verdict what became of it
 * @param exitStatus of the program, {@code null} when it did not exit by itself
 * @param signal that ended it, {@code null} when none did
 * @param cpuSeconds user and system time of the process tree
 * @param wallSeconds from start to end in the jail
 * @param peakMemoryBytes of the tree, 0 when it could not be measured
 * @param compileSeconds 0 where nothing is compiled
 * @param queueSeconds from the arrival of the request to the start
 * @param isolation how the jail was built, such as {@code bubblewrap+seccomp+cgroup-v1}
 * @param outputHead first bytes of its output, at most 8 KiB
 * @param outputTail last bytes of its output where it was cut, at most 8 KiB, else empty
 * @param outputCut whether bytes between head and tail were dropped
 * @param toolchain that ran it
 * @param judgeVersion of the rules that gave the verdict
 * @param message the compiler's, the exception's or the sandbox's first line, empty when it passed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExecutionResult(
        @JsonProperty(value = "schemaVersion", required = true)
        int schemaVersion,

        @JsonProperty(value = "eventId", required = true) UUID eventId,
        @JsonProperty(value = "team", required = true) String team,

        @JsonProperty(value = "executionId", required = true)
        String executionId,

        @JsonProperty(value = "attempt", required = true) int attempt,
        @JsonProperty(value = "verdict", required = true) Verdict verdict,
        @JsonProperty("exitStatus") Integer exitStatus,
        @JsonProperty("signal") Integer signal,
        @JsonProperty(value = "cpuSeconds", required = true) double cpuSeconds,

        @JsonProperty(value = "wallSeconds", required = true)
        double wallSeconds,

        @JsonProperty(value = "peakMemoryBytes", required = true)
        long peakMemoryBytes,

        @JsonProperty(value = "compileSeconds", required = true)
        double compileSeconds,

        @JsonProperty(value = "queueSeconds", required = true)
        double queueSeconds,

        @JsonProperty(value = "isolation", required = true) String isolation,
        @JsonProperty(value = "outputHead", required = true) String outputHead,
        @JsonProperty(value = "outputTail", required = true) String outputTail,
        @JsonProperty(value = "outputCut", required = true) boolean outputCut,
        @JsonProperty(value = "toolchain", required = true) String toolchain,

        @JsonProperty(value = "judgeVersion", required = true)
        int judgeVersion,

        @JsonProperty(value = "message", required = true) String message)
        implements Event {}
