/**
 * What follows from what: a new study asks for its artifacts, an artifact asks for its evaluations, an evaluation ends a cell,
 * the last cell ends the study. Each step is one transaction of rows and outbox messages. Results are idempotent by event id,
 * and a job or cell ends once, so that at-least-once delivery counts nothing twice.
 */
package dev.fewbit.gateway.orchestration;
