/**
 * Generation: work units are claimed from rows under a lease, the samples that are missing are generated with the unit's
 * artifact, and each is stored as it finishes. The engine stands behind {@link dev.fewbit.generation.CompletionGenerator}.
 */
package dev.fewbit.evaluator.generation;
