package dev.fewbit.contracts.study;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How far one stage of a study has come, summed over its jobs.
 *
 * @param stage which
 * @param done units finished
 * @param total units planned, 0 while unknown
 * @param amount weights rounded, tokens generated or programs executed for this study, and not reused
 */
public record StageProgress(
        @JsonProperty(value = "stage", required = true) Stage stage,
        @JsonProperty(value = "done", required = true) long done,
        @JsonProperty(value = "total", required = true) long total,
        @JsonProperty(value = "amount", required = true) long amount) {}
