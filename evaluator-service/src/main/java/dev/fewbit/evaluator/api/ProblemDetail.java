package dev.fewbit.evaluator.api;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * An error as RFC 7807 has it.
 *
 * @param title the kind of error
 * @param status HTTP status
 * @param detail one line about this case
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProblemDetail(String title, int status, String detail) {
    static final String MEDIA_TYPE = "application/problem+json";
}
