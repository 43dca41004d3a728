/** Events that are due because a job changed: written in the job's own transaction, so that neither is ever without the other. */
package dev.fewbit.quantizer.outbox;
