package dev.fewbit.contracts.execution;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A language as the sandbox finds it installed ({@code GET /api/v1/languages}).
 *
 * @param language which
 * @param available whether its toolchain was found and answered
 * @param toolchain name and version, such as {@code CPython 3.11.2}; part of a verdict's identity
 * @param judgeVersion version of the rules that turn a run into a verdict; part of a verdict's identity
 */
public record LanguageView(
        @JsonProperty(value = "language", required = true) ProgramLanguage language,
        @JsonProperty(value = "available", required = true) boolean available,
        @JsonProperty("toolchain") String toolchain,

        @JsonProperty(value = "judgeVersion", required = true)
        int judgeVersion) {}
