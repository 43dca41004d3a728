package dev.fewbit.model.decoding;

/**
 * What a generation took.
 *
 * @param completions delivered
 * @param tokens drawn
 * @param prefillTokens of prompts that were run
 * @param steps of decoding
 * @param rows of these steps together: {@code rows / steps} is how full the batch was
 */
public record GenerationStatistics(long completions, long tokens, long prefillTokens, long steps, long rows) {}
