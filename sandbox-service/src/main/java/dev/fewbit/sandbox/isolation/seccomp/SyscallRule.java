package dev.fewbit.sandbox.isolation.seccomp;

import java.util.List;

/** What a policy says of one system call. */
public sealed interface SyscallRule {

    /** The call's name. */
    String name();

    record Allow(String name) implements SyscallRule {}

    record Refuse(String name, int errno) implements SyscallRule {}

    /** Allowed unless an argument has a bit of {@code mask}. */
    record RefuseFlags(String name, int argument, int mask, int errno) implements SyscallRule {}

    /** Allowed only when an argument is one of {@code values}. */
    record Only(String name, int argument, List<Integer> values, int errno) implements SyscallRule {}

    /** Allowed unless an argument is one of {@code values}. */
    record Never(String name, int argument, List<Integer> values, int errno) implements SyscallRule {}
}
