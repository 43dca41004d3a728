/**
 * Studies and their grids. A study has a quantization job for each (model, recipe) and a cell for each (job, benchmark); a
 * cell's id is the id of its evaluation. {@link dev.fewbit.gateway.study.StudyLifecycle} holds the states and who may follow
 * whom; {@link dev.fewbit.gateway.study.StudyLedger} is the only writer of the rows, inside its caller's transaction and under
 * the study's row lock. Rows never leave this package: others see {@link dev.fewbit.gateway.study.StudySnapshot}.
 */
package dev.fewbit.gateway.study;
