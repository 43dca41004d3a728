package dev.fewbit.model.decoder;

import java.util.OptionalDouble;

/**
 * From the last norm to logits: {@code l = x W' / divisor}, {@code cap tanh(l / cap)} where they are capped.
 *
 * @param tied {@code W} is the embedding, else {@link Architecture#HEAD}
 * @param divisor 1 but in Granite
 * @param softCap of the logits
 */
public record HeadSpec(boolean tied, double divisor, OptionalDouble softCap) {}
