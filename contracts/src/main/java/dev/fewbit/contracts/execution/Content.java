package dev.fewbit.contracts.execution;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Text that travels in an event when it is short, and by its digest through the object store when it is not.
 *
 * @param digest SHA-256 of its UTF-8 bytes, lower-case hex
 * @param size of its UTF-8 bytes
 * @param inline the text itself, {@code null} when it is over {@link #LARGEST_INLINE}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Content(
        @JsonProperty(value = "digest", required = true) String digest,
        @JsonProperty(value = "size", required = true) long size,
        @JsonProperty("inline") String inline) {

    /** Bytes an event carries of a program or of its tests; longer ones go through the object store. */
    public static final int LARGEST_INLINE = 32 * 1024;
}
