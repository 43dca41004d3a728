/**
 * The events of the Kafka topics. Each carries its schema version, an id that consumers use to drop repeats, and the team
 * it belongs to.
 */
package dev.fewbit.contracts.event;
