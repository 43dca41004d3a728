package dev.fewbit.sandbox.isolation;

import dev.fewbit.contracts.execution.ExecutionLimits;
import java.time.Duration;

/**
 * Limits of a jail's process tree, unless said otherwise.
 *
 * @param cpuTime zero for none
 * @param wallTime zero for none
 * @param memoryBytes private memory and what its file systems in memory hold
 * @param addressSpaceBytes of each process (RLIMIT_AS), a second net under the first; 0 for none
 * @param processes processes and threads at once
 * @param outputBytes of standard output and of standard error, each
 * @param tmpBytes size of {@code /tmp}
 */
public record JailLimits(
        Duration cpuTime,
        Duration wallTime,
        long memoryBytes,
        long addressSpaceBytes,
        int processes,
        long outputBytes,
        long tmpBytes) {

    /** Files and directories in {@code /tmp}; a flood of empty files costs kernel memory that no size limit sees. */
    static final int TMP_INODES = 8192;

    static final int OPEN_FILES = 256;

    private static final long TMP_BYTES = 64L << 20;

    /** Those of an execution. */
    public static JailLimits of(ExecutionLimits limits, long addressSpaceBytes) {
        return new JailLimits(
                limits.cpuTime(),
                limits.wallTime(),
                limits.memoryBytes(),
                addressSpaceBytes,
                limits.processes(),
                limits.outputBytes(),
                Math.min(TMP_BYTES, limits.memoryBytes()));
    }

    /** Largest file that can be written: half of {@code /tmp}, 32 MiB for a program. */
    long fileBytes() {
        return tmpBytes / 2;
    }

    /** The same with another number of processes. */
    public JailLimits withProcesses(int count) {
        return new JailLimits(cpuTime, wallTime, memoryBytes, addressSpaceBytes, count, outputBytes, tmpBytes);
    }
}
