/**
 * Child processes that are watched. A {@link dev.fewbit.launcher.supervisor.SupervisedChild} restarts its process when it dies, later
 * and later while it keeps dying. Children get a session of their own, so that Ctrl-C reaches only the launcher, which stops them in
 * order; and none outlives it: a JVM ends when its standard input closes ({@link dev.fewbit.launcher.supervisor.Leash}), the database
 * is sent SIGINT by the kernel when its parent dies.
 */
package dev.fewbit.launcher.supervisor;
