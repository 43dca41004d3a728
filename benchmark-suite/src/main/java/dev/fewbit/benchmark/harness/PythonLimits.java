package dev.fewbit.benchmark.harness;

import dev.fewbit.contracts.execution.ExecutionLimits;
import java.time.Duration;

/**
 * Limits of the Python harnesses. Theirs are by the clock on an idle machine; here CPU time counts and the clock is a backstop, so that
 * a busy machine changes no verdict.
 */
final class PythonLimits {
    private static final long MIB = 1 << 20;
    /** Harnesses swallow what programs print; this much of it harms nobody. */
    private static final long OUTPUT = 16 * MIB;

    private static final int PROCESSES = 64;
    /** For programs that wait instead of computing. */
    private static final int WALL_FACTOR = 3;

    private PythonLimits() {}

    static ExecutionLimits of(Duration cpuTime, long memoryMib) {
        return new ExecutionLimits(cpuTime, cpuTime.multipliedBy(WALL_FACTOR), memoryMib * MIB, OUTPUT, PROCESSES);
    }
}
