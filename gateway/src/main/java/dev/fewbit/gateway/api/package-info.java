/**
 * The HTTP API, {@code /api/v1}. Resources read the request, call one service and shape the answer; every error is
 * {@code application/problem+json} (RFC 7807). The caller's team is in the header {@code Fewbit-Team}.
 */
package dev.fewbit.gateway.api;
