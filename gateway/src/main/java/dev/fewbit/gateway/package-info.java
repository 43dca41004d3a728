/**
 * The service in front: it takes study files over HTTP, turns each into quantization jobs and evaluations, asks the other
 * services for them through Kafka, and shows what came back as progress, samples and a report. It holds no model code: what it
 * knows of a checkpoint is its name.
 */
package dev.fewbit.gateway;
