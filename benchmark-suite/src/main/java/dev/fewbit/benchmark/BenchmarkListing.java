package dev.fewbit.benchmark;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * A benchmark as it was found, or was not.
 *
 * @param name of it
 * @param available its file was found and every record of it can be used, whether or not its language can be executed here
 * @param problems in the file; 0 when it is not available
 * @param language full name, of its programs
 * @param licence of its problems
 * @param found its file is there, whatever it holds
 * @param file below the data folder, or the installation's root for what the installation has
 * @param bytes of the file; {@code null} when it is not available, as are digest and revision
 * @param digest SHA-256 of the file's bytes
 * @param revision of the origin, when the digest is that of a known one; otherwise text that says so
 * @param origin where to get the file
 * @param reason one line, why it is not available; {@code null} when it is
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
@JsonPropertyOrder({
    "name",
    "available",
    "problems",
    "language",
    "licence",
    "found",
    "file",
    "bytes",
    "digest",
    "revision",
    "origin",
    "reason"
})
public record BenchmarkListing(
        String name,
        boolean available,
        int problems,
        String language,
        String licence,
        boolean found,
        String file,
        Long bytes,
        String digest,
        String revision,
        String origin,
        String reason) {}
