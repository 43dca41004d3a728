package dev.fewbit.model.session;

/**
 * The likeliest next tokens of one row.
 *
 * @param ids of the tokens, the likeliest first, the smaller id first in a tie
 * @param logits of these tokens
 * @param logSumExp over the logits of the whole vocabulary: {@code logits[i] - logSumExp} is a log probability
 */
public record Candidates(int[] ids, float[] logits, float logSumExp) {}
