/** The service's own threads: each repeats one step, and none of them remembers anything that is not in the database. */
package dev.fewbit.evaluator.loop;
