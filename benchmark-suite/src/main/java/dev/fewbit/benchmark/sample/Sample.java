package dev.fewbit.benchmark.sample;

import dev.fewbit.benchmark.Problem;
import dev.fewbit.benchmark.harness.Answer;

/**
 * What a model wrote, under its problem.
 *
 * @param problem of the benchmark, or of the samples themselves where they bring prompt and tests (MultiPL-E)
 * @param index of the sample among its problem's, in the order they were read
 * @param answer the text and how it is meant
 */
public record Sample(Problem problem, int index, Answer answer) {}
