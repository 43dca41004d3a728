package dev.fewbit.sandbox.language;

import dev.fewbit.sandbox.isolation.JailReport;
import dev.fewbit.sandbox.outcome.ExecutionOutcome;
import java.time.Duration;

/**
 * A program's run.
 *
 * @param outcome what became of it
 * @param jail what its jail saw, {@code null} when it did not compile
 * @param output its standard output and error, without what the judge added
 * @param compileTime zero where nothing is compiled
 */
public record LanguageRun(ExecutionOutcome outcome, JailReport jail, byte[] output, Duration compileTime) {}
