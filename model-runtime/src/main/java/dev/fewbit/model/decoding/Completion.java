package dev.fewbit.model.decoding;

/**
 * A sample as it was drawn.
 *
 * @param problem name of the problem
 * @param index of the sample
 * @param tokens that were drawn, the one that ended it included; their text is {@link CompletionText}
 * @param reason why it ended
 */
public record Completion(String problem, int index, int[] tokens, FinishReason reason) {}
