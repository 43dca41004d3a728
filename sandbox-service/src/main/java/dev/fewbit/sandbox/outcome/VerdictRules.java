package dev.fewbit.sandbox.outcome;

import dev.fewbit.contracts.execution.ExecutionLimits;
import dev.fewbit.sandbox.isolation.JailReport;
import dev.fewbit.sandbox.isolation.Stop;

/**
 * Turns what a jail and a judge saw into an outcome. Precedence: output, time, memory, then the judge. Memory is never taken from a
 * text or an exit status: a limit was hit, or the judge saw an allocation fail while the tree was near its limit.
 */
public final class VerdictRules {
    /** Raised by one whenever the same run could get another outcome. */
    public static final int JUDGE_VERSION = 3;

    private static final int SIGXCPU = 24;

    private VerdictRules() {}

    /**
     * @param judge its report, {@link JudgeReport#missing()} when it made none
     * @param memoryNearLimit bytes from which a failed allocation counts as the limit's doing
     */
    public static ExecutionOutcome judge(
            JailReport jail, JudgeReport judge, ExecutionLimits limits, long memoryNearLimit) {
        if (jail.stop() == Stop.OUTPUT) {
            return new ExecutionOutcome.OutputExceeded("it wrote more than " + limits.outputBytes() + " bytes");
        }
        boolean cpu = jail.stop() == Stop.CPU_TIME
                || Integer.valueOf(SIGXCPU).equals(jail.signal())
                || jail.cpuTime().compareTo(limits.cpuTime()) >= 0;
        if (cpu) {
            return new ExecutionOutcome.TimedOut(
                    "it used up its CPU time of " + seconds(limits.cpuTime().toMillis()), false);
        }
        if (jail.stop() == Stop.WALL_TIME) {
            return new ExecutionOutcome.TimedOut(
                    "it was still running after " + seconds(limits.wallTime().toMillis()), true);
        }
        boolean refused = judge.word() == JudgeReport.Word.OUT_OF_MEMORY && jail.peakMemoryBytes() >= memoryNearLimit;
        if (jail.memoryLimitHit() || refused) {
            return new ExecutionOutcome.MemoryExceeded("it needs more than " + limits.memoryBytes() + " bytes");
        }
        if (jail.signal() != null) {
            return new ExecutionOutcome.Raised(judge.message() + " (signal " + jail.signal() + ")");
        }
        return switch (judge.word()) {
            case PASSED ->
                jail.exitedCleanly()
                        ? new ExecutionOutcome.Passed()
                        : new ExecutionOutcome.Raised("it ended with status " + jail.exitStatus());
            case ASSERTION_FAILED -> new ExecutionOutcome.AssertionFailed(judge.message());
            case RAISED, OUT_OF_MEMORY -> new ExecutionOutcome.Raised(judge.message());
            case TIMED_OUT -> new ExecutionOutcome.TimedOut(judge.message(), false);
            case COMPILE_FAILED -> new ExecutionOutcome.CompileFailed(judge.message());
            case FAULT -> new ExecutionOutcome.InfrastructureFault(judge.message());
        };
    }

    private static String seconds(long millis) {
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }
}
