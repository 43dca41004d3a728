/**
 * Benchmarks: which there are, where their files belong, and how the records of each family become typed problems, checked line by
 * line. A problem says what a model continues and what judges the program; how a program is put together and run is a harness'
 * concern. The stratified choice of problems is here as well. No benchmark but the reference model's is shipped: the others' files
 * are found in a folder that the user names.
 */
package dev.fewbit.benchmark;
