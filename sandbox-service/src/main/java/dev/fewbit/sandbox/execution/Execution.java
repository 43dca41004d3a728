package dev.fewbit.sandbox.execution;

import dev.fewbit.sandbox.outcome.ExecutionOutcome;
import java.time.Duration;

/**
 * An outcome and what it took.
 *
 * @param outcome what became of the program
 * @param exitStatus of the run, {@code null} when it did not exit by itself or did not run
 * @param signal that ended it, {@code null} when none did
 * @param cpuTime user and system time of the tree
 * @param wallTime of the run
 * @param peakMemoryBytes of the tree, 0 when it did not run
 * @param compileTime zero where nothing is compiled
 * @param queueTime until a slot was free
 * @param isolation how the jail was built
 * @param output head and tail of standard output and error
 * @param toolchain that ran it
 * @param judgeVersion of the rules
 */
public record Execution(
        ExecutionOutcome outcome,
        Integer exitStatus,
        Integer signal,
        Duration cpuTime,
        Duration wallTime,
        long peakMemoryBytes,
        Duration compileTime,
        Duration queueTime,
        String isolation,
        OutputExcerpt output,
        String toolchain,
        int judgeVersion) {}
