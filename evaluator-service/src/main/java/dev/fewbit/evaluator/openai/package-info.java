/**
 * Models behind a server that speaks OpenAI's completions API, as vLLM and llama.cpp's server do: Fewbit judges what it did not make.
 * A request a sample, with a seed of its own; what the server cannot help (overload, restarts, lost connections) is tried again with
 * back-off and then handed back as a fault of the infrastructure; what it refuses fails the evaluation with the server's own words.
 * Keys come from the environment and are in no message.
 */
package dev.fewbit.evaluator.openai;
