/**
 * Asking the sandbox. An execution is a row under the identity of its verdict: whoever inserts it first causes the one
 * request, everyone else waits for the same verdict. The relay publishes rows a bounded window at a time and asks again
 * for what got lost; an infrastructure fault is never a verdict.
 */
package dev.fewbit.evaluator.execution;
