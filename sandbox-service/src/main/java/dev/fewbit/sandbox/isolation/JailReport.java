package dev.fewbit.sandbox.isolation;

import java.time.Duration;

/**
 * What happened in a jail, as its PID 1 and the service saw it; nothing in it but {@code stdout} and {@code stderr} comes from the
 * program.
 *
 * @param exitStatus of the command, {@code null} when it did not exit by itself
 * @param signal that ended it, {@code null} when none did
 * @param stop the limit that ended it
 * @param memoryLimitHit whether the memory limit of the tree refused or killed something
 * @param wallTime from the command's start to its end
 * @param cpuTime user and system time of the tree
 * @param peakMemoryBytes largest size of the tree or of one of its processes that was seen
 * @param strays processes that the command left behind and that were killed
 * @param stdout what it wrote
 * @param stderr what it wrote
 * @param judgeReport what a trusted judge wrote to its private descriptor, empty where there is none
 */
public record JailReport(
        Integer exitStatus,
        Integer signal,
        Stop stop,
        boolean memoryLimitHit,
        Duration wallTime,
        Duration cpuTime,
        long peakMemoryBytes,
        int strays,
        CapturedOutput stdout,
        CapturedOutput stderr,
        String judgeReport) {

    /** Whether the command exited by itself with status 0. */
    public boolean exitedCleanly() {
        return stop == Stop.NONE && exitStatus != null && exitStatus == 0;
    }
}
