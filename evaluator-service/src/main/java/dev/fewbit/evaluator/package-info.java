/**
 * The evaluator service. A request becomes a row ({@code evaluation}), is prepared (benchmark read, problems chosen, work
 * units written) and generated unit by unit ({@code generation}); every finished sample is stored and its program sent to
 * the sandbox at once ({@code execution}); when the last verdict is in, counts become pass@1 and its interval
 * ({@code metric}, {@code statistics}) and the result leaves through the outbox ({@code messaging}). The database is the only
 * memory: the process may be killed between any two lines.
 */
package dev.fewbit.evaluator;
