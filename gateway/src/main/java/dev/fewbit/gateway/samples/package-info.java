/** Samples of a study, fetched from the evaluator, which owns them, and passed on line by line. */
package dev.fewbit.gateway.samples;
