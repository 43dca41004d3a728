package dev.fewbit.sandbox.execution;

/** Where the sandbox stands. */
public sealed interface SandboxState {

    /** Its self-test runs. */
    record Proving() implements SandboxState {}

    /** @param isolation how jails are built here */
    record Holding(String isolation) implements SandboxState {}

    /** @param reason what did not hold; nothing is executed */
    record Broken(String reason) implements SandboxState {}
}
