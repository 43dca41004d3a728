/** Text to token ids and back, by the tokenizer that a checkpoint brings, never shortened, never padded, never from the network. */
package dev.fewbit.model.tokenizer;
