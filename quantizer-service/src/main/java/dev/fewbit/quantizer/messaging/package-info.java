/**
 * Kafka in and out. A record is acknowledged once the database remembers it; one that cannot be parsed goes to its topic's dead-letter
 * topic; a database that is away holds records back and loses none. What goes out comes from the outbox, in order.
 */
package dev.fewbit.quantizer.messaging;
