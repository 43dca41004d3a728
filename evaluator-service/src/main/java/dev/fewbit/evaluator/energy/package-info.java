/**
 * Joules and memory of what runs here: the GPU's energy by NVML (called through the foreign function interface), the processors' by the
 * RAPL counters of Linux where they can be read, peak memory of process and device. What cannot be measured is said not to be, by name.
 */
package dev.fewbit.evaluator.energy;
