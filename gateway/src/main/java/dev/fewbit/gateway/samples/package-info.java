/**
 * What is asked of the evaluator over HTTP: samples of a study, which it owns and which are passed on line by line, and whether it has
 * the benchmarks that a study names.
 */
package dev.fewbit.gateway.samples;
