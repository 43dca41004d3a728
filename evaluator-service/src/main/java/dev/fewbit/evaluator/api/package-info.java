/** The HTTP API: evaluations and their samples, for the team that the request names. Errors are RFC 7807 problem documents. */
package dev.fewbit.evaluator.api;
