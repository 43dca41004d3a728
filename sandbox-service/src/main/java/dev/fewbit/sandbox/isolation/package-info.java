/**
 * Jails: bubblewrap builds the namespaces, our own {@code sbinit} is PID 1 in them, a seccomp filter and the limits of a control
 * group or a watchdog hold the tree. Nothing that a program wrote is trusted here: status and judge's report come on descriptors
 * that it cannot reach.
 */
package dev.fewbit.sandbox.isolation;
