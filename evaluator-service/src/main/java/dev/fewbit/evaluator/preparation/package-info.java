/** From a requested evaluation to a running one: reads the benchmark, asks the sandbox, and writes problems and work units. */
package dev.fewbit.evaluator.preparation;
