/**
 * Harnesses: how a program is put together from what a model wrote, what judges it and within which limits, per family of benchmarks,
 * as each benchmark's own harness does it. What becomes of a program is the sandbox' to say. A verdict's identity is here as well.
 */
package dev.fewbit.benchmark.harness;
