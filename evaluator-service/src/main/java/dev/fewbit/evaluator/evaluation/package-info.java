/**
 * The life of an evaluation: {@code REQUESTED} (a row, nothing read), {@code RUNNING} (prepared: problems and work units are
 * rows), then {@code COMPLETED}, {@code FAILED} or {@code CANCELLED}, once and for good. Its end and the event that reports it are
 * one transaction.
 */
package dev.fewbit.evaluator.evaluation;
