/**
 * Executing programs: slots, retries of the sandbox's own faults, and the measures that go with an outcome. {@code ExecutionEngine}
 * is free of Quarkus; {@code LocalExecutor} puts it to work inside a command.
 */
package dev.fewbit.sandbox.execution;
