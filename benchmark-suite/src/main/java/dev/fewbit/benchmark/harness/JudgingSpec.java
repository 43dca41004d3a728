package dev.fewbit.benchmark.harness;

import dev.fewbit.contracts.execution.ExecutionLimits;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.objectstore.Digests;

/**
 * All that decides a verdict beside program and tests.
 *
 * @param language of the programs
 * @param limits each gets
 * @param toolchain name and version as the sandbox states them
 * @param judgeVersion of the sandbox's rules
 */
public record JudgingSpec(ProgramLanguage language, ExecutionLimits limits, String toolchain, int judgeVersion) {

    /** SHA-256 over a canonical text: a line {@code key=value} a part, in this order. */
    public String executionId(String programDigest, String testsDigest) {
        return Digests.of("language=" + language.label()
                + "\nprogram=" + programDigest
                + "\ntests=" + testsDigest
                + "\ncpuTime=" + limits.cpuTime()
                + "\nwallTime=" + limits.wallTime()
                + "\nmemoryBytes=" + limits.memoryBytes()
                + "\noutputBytes=" + limits.outputBytes()
                + "\nprocesses=" + limits.processes()
                + "\ntoolchain=" + toolchain
                + "\njudgeVersion=" + judgeVersion + "\n");
    }
}
