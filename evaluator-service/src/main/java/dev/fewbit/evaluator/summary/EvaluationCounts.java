package dev.fewbit.evaluator.summary;

/**
 * How far an evaluation is.
 *
 * @param generated samples
 * @param tokens of them
 * @param judged samples
 * @param executions distinct programs judged
 * @param fault of an execution that was given up, {@code null} when there is none
 */
record EvaluationCounts(long generated, long tokens, long judged, long executions, String fault) {}
