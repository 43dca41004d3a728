/** Counting: how far an evaluation is, whether it has ended, and what came out of it. All of it is read from the rows. */
package dev.fewbit.evaluator.summary;
