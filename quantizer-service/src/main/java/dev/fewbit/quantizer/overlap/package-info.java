/**
 * Decontamination: which ten-word sequences of a text occur in the prompts and solutions of benchmarks, so that a result on a benchmark
 * can be read for what it is. The benchmarks are not ours to ship; those in a folder that the user names are looked at.
 */
package dev.fewbit.quantizer.overlap;
