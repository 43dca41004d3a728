/** The measure: the unbiased estimator of pass@k. */
package dev.fewbit.benchmark.metric;
