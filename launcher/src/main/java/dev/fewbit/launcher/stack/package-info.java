/**
 * Everything of a run in one place. {@link dev.fewbit.launcher.stack.Stack} starts database and broker side by side, then the four
 * services, on one {@link dev.fewbit.launcher.stack.DataDirectory}, and stops them in the opposite order. Children get an environment
 * made from nothing, and ports of the loopback address that the directory remembers.
 */
package dev.fewbit.launcher.stack;
