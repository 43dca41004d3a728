package dev.fewbit.evaluator.summary;

/**
 * How far an evaluation is.
 *
 * @param generated samples
 * @param tokens of them
 * @param newTokens of those that this evaluation had to generate
 * @param judged samples
 * @param executions distinct programs judged
 * @param newExecutions of those that were executed since this evaluation was asked for
 * @param fault of an execution that was given up, {@code null} when there is none
 */
record EvaluationCounts(
        long generated, long tokens, long newTokens, long judged, long executions, long newExecutions, String fault) {}
