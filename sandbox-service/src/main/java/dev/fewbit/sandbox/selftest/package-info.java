/**
 * The proof that the sandbox holds on this machine, made in real jails: escapes, limits, verdicts. A service that fails it executes
 * nothing.
 */
package dev.fewbit.sandbox.selftest;
