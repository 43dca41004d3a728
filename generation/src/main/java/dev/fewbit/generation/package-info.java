/**
 * From prompts to completions: an artifact is opened with the engine of model-runtime, its tokenizer encodes and decodes, and all that decides
 * a completion has one identity. Used by the evaluator's workers and by the command line alike.
 */
package dev.fewbit.generation;
