/** From a completion to the program that is executed: cut at the first stop token, nothing else. No whitespace is stripped. */
package dev.fewbit.benchmark.extraction;
