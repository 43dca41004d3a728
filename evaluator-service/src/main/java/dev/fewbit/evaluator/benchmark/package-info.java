/**
 * Benchmarks: files of MultiPL-E's JSONL records, checked line by line when an evaluation is prepared, and the stratified
 * choice of their problems. After preparation nothing reads the file again; prompts and tests are kept by digest.
 */
package dev.fewbit.evaluator.benchmark;
