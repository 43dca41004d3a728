/** Events on their way in and out: JSON and back, the emitters, and the outbox that a transaction writes its results to. */
package dev.fewbit.evaluator.event;
