package dev.fewbit.evaluator.generation;

import java.util.UUID;

/**
 * A worker's hold on a work unit.
 *
 * @param evaluationId of the unit
 * @param number of the unit in its evaluation
 * @param attempt fences: a claim with an older attempt no longer counts
 * @param modelKey artifact and mode
 * @param team whose work it is
 * @param firstPosition of its problems
 * @param endPosition behind its last problem
 */
public record UnitClaim(
        UUID evaluationId, int number, int attempt, String modelKey, String team, int firstPosition, int endPosition) {}
