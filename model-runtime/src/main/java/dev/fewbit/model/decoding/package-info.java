/**
 * Drawing completions from a decoder. {@link dev.fewbit.model.decoding.GenerationEngine} keeps a batch of slots full: a
 * finished sample's slot is taken by the next at once, and the samples of a problem share one prefill. What is drawn depends
 * on the logits and on random numbers that are a function of (seed, problem, index) alone, so a sample does not depend on
 * who shares its batch, but for the rounding of sums whose order a batch's size may change.
 */
package dev.fewbit.model.decoding;
