/**
 * Requests as rows and the workers that work them off. A row is claimed with an attempt number and a lease; the lease is renewed while
 * the work goes on; whoever lost it stops, and what it still says is refused by the attempt number. A result and its event
 * are one transaction. See {@code docs/adr/0003}.
 */
package dev.fewbit.quantizer.job;
