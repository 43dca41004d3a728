package dev.fewbit.quantizer.job;

import dev.fewbit.contracts.recipe.Recipe;
import java.util.UUID;

/**
 * A job that a worker holds.
 *
 * @param id of the job
 * @param attempt number of this claim: what fences
 * @param team it belongs to
 * @param studyId that asked
 * @param checkpoint path as requested
 * @param recipe to apply
 */
public record ClaimedJob(UUID id, int attempt, String team, UUID studyId, String checkpoint, Recipe recipe) {}
