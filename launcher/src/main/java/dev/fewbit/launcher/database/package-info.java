/**
 * PostgreSQL as a child process: real binaries from a jar, unpacked once, run on a data directory of the stack with fsync on. What
 * runs here speaks production's dialect, so that migrations are written once.
 */
package dev.fewbit.launcher.database;
