/**
 * A transactional outbox and inbox. What is to be said to other services is written in the transaction that made it true, and
 * {@link dev.fewbit.gateway.messaging.OutboxRelay} sends it afterwards, in the order written, until the broker has confirmed it.
 * What comes in is remembered by its event id in the transaction that acts on it, so that a repeat changes nothing.
 */
package dev.fewbit.gateway.messaging;
