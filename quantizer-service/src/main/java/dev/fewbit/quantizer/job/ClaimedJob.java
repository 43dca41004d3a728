package dev.fewbit.quantizer.job;

import dev.fewbit.contracts.recipe.Recipe;
import java.time.Instant;
import java.util.UUID;

/**
 * A job that a worker holds.
 *
 * @param id of the job
 * @param attempt number of this claim: what fences
 * @param released earlier attempts that were given back unfinished by a worker that was asked to stop
 * @param team it belongs to
 * @param studyId that asked
 * @param checkpoint path as requested
 * @param recipe to apply
 * @param askedAt when its request was taken in
 */
public record ClaimedJob(
        UUID id,
        int attempt,
        int released,
        String team,
        UUID studyId,
        String checkpoint,
        Recipe recipe,
        Instant askedAt) {}
