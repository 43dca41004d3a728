/**
 * Hugging Face checkpoints: a directory with {@code config.json}, {@code tokenizer.json} and safetensors files. Weights are
 * memory-mapped and never read whole; everything a file claims about itself is checked before a byte of it is believed.
 */
package dev.fewbit.model.checkpoint;
