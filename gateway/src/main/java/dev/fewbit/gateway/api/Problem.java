package dev.fewbit.gateway.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What an error answers.
 *
 * @param type of the problem; {@code about:blank} where the status says all
 * @param title the status in words
 * @param status of the answer
 * @param detail what was wrong, one line for a person
 * @param instance path that was asked for
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7807">RFC 7807</a>
 */
@Schema(description = "An error, as RFC 7807 shapes it.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
        @Schema(examples = "about:blank") String type,
        @Schema(examples = "Bad Request") String title,
        @Schema(examples = "400") int status,

        @Schema(examples = "study:3:1: unknown key 'modles'; did you mean 'models'?")
        String detail,

        @Schema(examples = "/api/v1/studies") String instance) {

    /** Its content type. */
    public static final String MEDIA_TYPE = "application/problem+json";
}
