package dev.fewbit.sandbox.language;

import java.time.Duration;

/**
 * Of the warm compilers.
 *
 * @param processes how many
 * @param firstSlot the slot of the first one's jail; the others follow
 * @param replaceAfter compiles after which a process makes way for a new one
 * @param timeout of one compile
 */
public record CompilerSettings(int processes, int firstSlot, int replaceAfter, Duration timeout) {}
