/**
 * Kafka consumers, nothing more: a record becomes one call of a service and is acknowledged when the database has it. What
 * cannot be read goes to the topic's dead-letter topic.
 */
package dev.fewbit.evaluator.messaging;
