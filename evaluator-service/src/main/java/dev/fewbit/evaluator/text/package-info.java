/** Prompts, tests and programs by the digest of their bytes: each text is kept once, however many samples share it. */
package dev.fewbit.evaluator.text;
