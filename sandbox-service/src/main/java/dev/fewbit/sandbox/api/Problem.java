package dev.fewbit.sandbox.api;

/**
 * An error as RFC 9457 (formerly 7807) has it.
 *
 * @param type always {@code about:blank}
 * @param title of the status
 * @param status HTTP status
 * @param detail one line
 */
public record Problem(String type, String title, int status, String detail) {}
