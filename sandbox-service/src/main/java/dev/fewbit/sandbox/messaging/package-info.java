/**
 * Kafka: {@code execution.requests} in, {@code execution.results} out, at least once. Work in progress is bounded by the number of
 * slots; what is delivered beyond waits in the topic.
 */
package dev.fewbit.sandbox.messaging;
