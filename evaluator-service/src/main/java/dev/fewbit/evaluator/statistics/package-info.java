/** Uncertainty over problems: samples of one problem are not independent, so problems are what is resampled. */
package dev.fewbit.evaluator.statistics;
